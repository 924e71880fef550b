"""What a kernel says is sent to the page at once: the socket of a real JupyterLab, at work."""

import os
import sys
from pathlib import Path

import pytest

from dlhand.lab.connection import OPTION
from tests.browser.real_lab import Server, opened_lab

pytestmark = pytest.mark.browser

SPY = """
import socket
from pathlib import Path
from {module} import {connection}

class Spy({connection}):
    def handle_outgoing_message(self, stream, parts):
        sent_by = self.websocket_handler.ws_connection.stream.socket
        option = sent_by.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        Path({told!r}).write_text(str(bool(option)))
        super().handle_outgoing_message(stream, parts)
"""


SETTING, OURS = OPTION.split("=")
JUPYTERS = "jupyter_server.services.kernels.connection.channels.ZMQChannelsWebsocketConnection"


# Where Jupyter's own holds nothing back either, ours is no longer needed.
@pytest.mark.parametrize(("used", "expected"), [(OURS, "True"), (JUPYTERS, "False")])
def test_what_a_kernel_says_is_not_held_back(tmp_path: Path, browser, used, expected) -> None:
    module, _, connection = used.rpartition(".")
    told = tmp_path / "told"
    spy = SPY.format(module=module, connection=connection, told=str(told))
    (tmp_path / "spy.py").write_text(spy, encoding="utf-8")
    root = tmp_path / "notebooks"
    root.mkdir()
    command = [*(sys.executable, "-m", "jupyterlab"), f"--ServerApp.root_dir={root}"]
    command.append(f"{SETTING}=spy.Spy")
    server = Server(tmp_path, root, command, os.environ | {"PYTHONPATH": str(tmp_path)})
    try:
        with opened_lab(server, browser) as lab:
            lab.run_cells("1 + 1")
            assert told.read_text(encoding="utf-8") == expected
    finally:
        server.stop()
