"""The shapes of message components, and what Discord asks of each."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from rooms_bot.sandbox.forms import Address, Body, CustomId, Snowflake

Wire = dict[str, Any]
Label = Annotated[str, StringConstraints(max_length=80)]
Text100 = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Words = Annotated[str, StringConstraints(max_length=150)]
LongText = Annotated[str, StringConstraints(max_length=4000)]


def type_of(value: Any) -> str | None:
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return f"<{kind}>"


class Component(Body):
    id: Annotated[int, Field(ge=0)] | None = None


class ComponentEmoji(Body):
    id: Snowflake | None = None
    name: str | None = None
    animated: bool | None = None


class Button(Component):
    type: Literal[2]
    style: Annotated[int, Field(ge=1, le=6)]
    custom_id: CustomId | None = None
    label: Label | None = None
    disabled: bool | None = None
    url: Annotated[Address, StringConstraints(max_length=512)] | None = None
    sku_id: Snowflake | None = None
    emoji: ComponentEmoji | None = None


class Chosen(Component):
    """What all selects share; at most `max_values` of the options may be chosen."""

    custom_id: CustomId
    placeholder: Words | None = None
    min_values: Annotated[int, Field(ge=0, le=25)] | None = None
    max_values: Annotated[int, Field(ge=1, le=25)] | None = None
    disabled: bool | None = None
    required: bool | None = None


class SelectOption(Body):
    label: Text100
    value: Text100
    description: Annotated[str, StringConstraints(max_length=100)] | None = None
    emoji: ComponentEmoji | None = None
    default: bool | None = None


class StringSelect(Chosen):
    type: Literal[3]
    options: Annotated[list[SelectOption], Field(min_length=1, max_length=25)]


class DefaultValue(Body):
    id: Snowflake
    type: Literal["user", "role", "channel"]


class EntitySelect(Chosen):
    type: Literal[5, 6, 7, 8]
    default_values: Annotated[list[DefaultValue], Field(max_length=25)] | None = None
    channel_types: list[int] | None = None


class TextDisplay(Component):
    type: Literal[10]
    content: Annotated[str, StringConstraints(min_length=1, max_length=4000)]


class Media(Body):
    url: Address


class Thumbnail(Component):
    type: Literal[11]
    media: Media
    description: Annotated[str, StringConstraints(min_length=1, max_length=1024)] | None = None
    spoiler: bool | None = None


class Section(Component):
    type: Literal[9]
    components: Annotated[list[TextDisplay], Field(min_length=1, max_length=3)]
    accessory: Annotated[Annotated[Button, Tag("<2>")] | Annotated[Thumbnail, Tag("<11>")], Discriminator(type_of)]


class GalleryItem(Body):
    media: Media
    description: Annotated[str, StringConstraints(min_length=1, max_length=1024)] | None = None
    spoiler: bool | None = None


class Gallery(Component):
    type: Literal[12]
    items: Annotated[list[GalleryItem], Field(min_length=1, max_length=10)]


class FileShown(Component):
    type: Literal[13]
    file: Media
    spoiler: bool | None = None


class Separator(Component):
    type: Literal[14]
    divider: bool | None = None
    spacing: Literal[1, 2] | None = None


Selects = (
    Annotated[StringSelect, Tag("<3>")]
    | Annotated[EntitySelect, Tag("<5>")]
    | Annotated[EntitySelect, Tag("<6>")]
    | Annotated[EntitySelect, Tag("<7>")]
    | Annotated[EntitySelect, Tag("<8>")]
)


class Row(Component):
    type: Literal[1]
    components: Annotated[
        list[Annotated[Annotated[Button, Tag("<2>")] | Selects, Discriminator(type_of)]],
        Field(min_length=1, max_length=5),
    ]


Block = (
    Annotated[Row, Tag("<1>")]
    | Annotated[Section, Tag("<9>")]
    | Annotated[TextDisplay, Tag("<10>")]
    | Annotated[Gallery, Tag("<12>")]
    | Annotated[FileShown, Tag("<13>")]
    | Annotated[Separator, Tag("<14>")]
)


class Container(Component):
    type: Literal[17]
    accent_color: Annotated[int, Field(ge=0, le=0xFFFFFF)] | None = None
    components: Annotated[list[Annotated[Block, Discriminator(type_of)]], Field(min_length=1, max_length=40)]
    spoiler: bool | None = None


MessageComponent = Annotated[Block | Annotated[Container, Tag("<17>")], Discriminator(type_of)]
