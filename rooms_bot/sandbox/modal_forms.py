"""The shapes of modals and of what may stand in them."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from rooms_bot.sandbox.component_forms import Component, LongText, Selects, Text100, TextDisplay, type_of
from rooms_bot.sandbox.forms import Body, CustomId


class TextInput(Component):
    type: Literal[4]
    custom_id: CustomId
    style: Annotated[int, Field(ge=1, le=2)]
    label: Annotated[str, StringConstraints(min_length=1, max_length=45)] | None = None
    value: LongText | None = None
    placeholder: Annotated[str, StringConstraints(max_length=100)] | None = None
    required: bool | None = None
    min_length: Annotated[int, Field(ge=0, le=4000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=4000)] | None = None


class GroupOption(Body):
    label: Text100
    value: Text100
    description: Annotated[str, StringConstraints(max_length=100)] | None = None
    default: bool | None = None


class Group(Component):
    type: Literal[21, 22]
    custom_id: CustomId
    options: Annotated[list[GroupOption], Field(min_length=1, max_length=10)]
    min_values: Annotated[int, Field(ge=0, le=10)] | None = None
    max_values: Annotated[int, Field(ge=1, le=10)] | None = None
    required: bool | None = None


class Upload(Component):
    type: Literal[19]
    custom_id: CustomId
    min_values: Annotated[int, Field(ge=0, le=10)] | None = None
    max_values: Annotated[int, Field(ge=1, le=10)] | None = None
    required: bool | None = None


class Checkbox(Component):
    type: Literal[23]
    custom_id: CustomId
    default: bool | None = None


class Labelled(Component):
    type: Literal[18]
    label: Annotated[str, StringConstraints(min_length=1, max_length=45)]
    description: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    component: Annotated[
        Annotated[TextInput, Tag("<4>")]
        | Selects
        | Annotated[Upload, Tag("<19>")]
        | Annotated[Group, Tag("<21>")]
        | Annotated[Group, Tag("<22>")]
        | Annotated[Checkbox, Tag("<23>")],
        Discriminator(type_of),
    ]


class InputRow(Component):
    type: Literal[1]
    components: Annotated[list[TextInput], Field(min_length=1, max_length=1)]


class ModalForm(Body):
    custom_id: CustomId
    title: Annotated[str, StringConstraints(min_length=1, max_length=45)]
    components: Annotated[
        list[
            Annotated[
                Annotated[InputRow, Tag("<1>")]
                | Annotated[TextDisplay, Tag("<10>")]
                | Annotated[Labelled, Tag("<18>")],
                Discriminator(type_of),
            ]
        ],
        Field(min_length=1, max_length=5),
    ]
