"""Reads request bodies: types and lengths as Discord checks them, faults told with its codes and paths."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from rooms_bot.sandbox.refusals import Form

Wire = dict[str, Any]


class Body(BaseModel):
    """A part of a request; unknown fields are ignored, as Discord ignores them."""

    model_config = ConfigDict(extra="ignore")


def _snowflake(value: object) -> str:
    if not isinstance(value, int | str) or isinstance(value, bool) or not re.fullmatch(r"\d{1,20}", str(value)):
        raise PydanticCustomError("snowflake", "Value is not snowflake.")
    return str(value)


Snowflake = Annotated[str, BeforeValidator(_snowflake)]


def _address(value: str) -> str:
    if not re.match(r"(https?|discord|attachment)://\S+$", value):
        raise PydanticCustomError("url", "Scheme must be one of ('http', 'https').")
    return value


Address = Annotated[str, StringConstraints(max_length=2048), BeforeValidator(_address)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
CustomId = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Permissions = Annotated[str, BeforeValidator(_snowflake)]
Seconds = Annotated[int, Field(ge=0, le=21600)]


def read(model: type[Body], data: object) -> Wire:
    """`data` as `model` knows it: only what was sent, nulls kept at the top and left out below it.

    Raises Refusal 50035 with the path to every fault.
    """
    form = Form()
    try:
        checked = model.model_validate(data)
    except ValidationError as error:
        for fault in error.errors():
            form.fault(_path(fault), *_words(fault))
        form.close()
        raise
    return {key: _without_nulls(value) for key, value in checked.model_dump(exclude_unset=True, by_alias=True).items()}


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_nulls(inner) for inner in value]
    return value


def _path(fault: ErrorDetails) -> str:
    """Tags of unions are spelt <so> and are no part of the path."""
    return ".".join(str(part) for part in fault["loc"] if not str(part).startswith("<"))


def _words(fault: ErrorDetails) -> tuple[str, str]:
    limits, given = fault.get("ctx", {}), fault["input"]
    low, high = limits.get("min_length", limits.get("ge")), limits.get("max_length", limits.get("le"))
    match fault["type"]:
        case "missing":
            return "BASE_TYPE_REQUIRED", "This field is required"
        case "string_too_long" | "too_long":
            return "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length."
        case "string_too_short" | "too_short":
            if given in ("", []) or (isinstance(given, str) and not given.strip()):
                return "BASE_TYPE_REQUIRED", "This field is required"
            return "BASE_TYPE_MIN_LENGTH", f"Must be {low} or more in length."
        case "greater_than_equal":
            return "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}."
        case "less_than_equal":
            return "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}."
        case "string_type":
            return "STRING_TYPE_CONVERT", f'Could not interpret "{given}" as string.'
        case "int_parsing" | "int_type" | "int_from_float" | "float_parsing" | "float_type":
            return "NUMBER_TYPE_COERCE", f'Value "{given}" is not int.'
        case "bool_parsing" | "bool_type":
            return "BOOLEAN_TYPE_CONVERT", "Must be either true or false."
        case "snowflake":
            return "NUMBER_TYPE_COERCE", f'Value "{given}" is not snowflake.'
        case "url":
            return "URL_TYPE_INVALID_URL", "Not a well formed URL."
        case "model_type" | "model_attributes_type" | "dict_type":
            return "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"
        case "list_type":
            return "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"
        case "union_tag_invalid" | "union_tag_not_found":
            return "UNION_TYPE_CHOICES", 'Value of field "type" must be one of the types allowed here.'
        case "literal_error" | "enum":
            return "BASE_TYPE_CHOICES", f"Value must be one of {{{limits.get('expected', '')}}}."
    return fault["type"].upper(), fault["msg"]
