"""The application's first answer to an interaction."""

from typing import Any

from rooms_bot.sandbox.refusals import form_fault
from rooms_bot.sandbox.rest.calls import Answer, Call, Table

Wire = dict[str, Any]
routes = Table()


@routes.route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", limit="", auth=False)
async def callback(call: Call) -> Answer:
    if not isinstance(call.body, dict):
        raise form_fault("", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    told = call.desk.answer(call["interaction_id"], call["interaction_token"], call.body, call.files)
    return Answer(200, told) if call.flag("with_response") else Answer(204)
