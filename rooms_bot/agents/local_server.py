"""The embedded model's own process: llama.cpp serves one model on the loopback until standard input closes.

Run by its path, without this package: the order comes as a line of JSON on standard input, and one line of JSON,
`{"address": …}` or `{"error": …}`, goes back. Standard input ends when the parent does, however that ends.
"""

import importlib
import json
import os
import sys
import threading
from typing import Any


def serve(order: dict[str, Any]) -> tuple[Any, str]:
    """Load the model and listen; the server, which lives as long as it is held, and its address."""
    llama: Any = importlib.import_module("xllamacpp")
    params = llama.CommonParams()
    params.model.path = order["path"]
    params.model_alias = {order["alias"]}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [order["key"]]  # other users of the machine, and web pages in its browser, are not served
    params.n_ctx = order["context"] * order["parallel"]
    params.n_parallel = order["parallel"]
    if order["embeds"]:
        params.embedding = True
        params.n_batch = params.n_ubatch = order["context"]  # these models read a text as a whole
    for threads in (params.cpuparams, params.cpuparams_batch):
        threads.n_threads = order["threads"]
    params.cache_ram_mib = 64  # kept prompts; its default is 8 GB
    params.n_ctx_checkpoints = 0
    params.ui = params.endpoint_slots = params.endpoint_metrics = params.endpoint_props = False
    params.cors_origins = ""
    params.offline = True
    params.verbosity = -1
    server = llama.Server(params)
    return server, server.listening_address


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _own_stdout() -> int:
    """A descriptor of the real standard output, which llama.cpp's chatter then no longer reaches."""
    answer = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return answer


def main() -> None:
    answer = _own_stdout()
    order = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    try:
        server, address = serve(order)
    except (ImportError, RuntimeError, ValueError, OSError) as error:
        os.write(answer, json.dumps({"error": str(error)}).encode() + b"\n")
        os._exit(1)
    os.write(answer, json.dumps({"address": address}).encode() + b"\n")
    threading.Event().wait()
    del server


if __name__ == "__main__":
    main()
