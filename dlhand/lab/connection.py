"""The connection between the page and a kernel, which sends what it has without delay.

Jupyter's own leaves the socket as the system makes it: what is small waits until the browser has
said that it got what was sent before, and browsers put that off for about 40 ms (Nagle's algorithm
against delayed acknowledgement, RFC 896 and RFC 1122). A slider would then answer with 50 ms
instead of 12 (``make bench``: ``slider-painted``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

if TYPE_CHECKING:
    import asyncio

__all__ = ["OPTION", "PromptConnection"]


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's connection to a kernel, with a socket that holds nothing back (TCP_NODELAY)."""

    def connect(self) -> asyncio.Future[None] | None:  # type: ignore[override]  # as in its parent
        """Connect the open websocket to its kernel."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


OPTION = (
    "--ServerApp.kernel_websocket_connection_class="
    f"{PromptConnection.__module__}.{PromptConnection.__qualname__}"
)
"""What tells a Jupyter server to use it, on its command line."""
