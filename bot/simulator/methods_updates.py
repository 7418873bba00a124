"""The methods that receive: updates come by poll or by webhook, never by both."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.simulator.limits import ApiError
from bot.simulator.network import Network
from bot.simulator.params import Params
from bot.simulator.store import Json


async def get_updates(network: Network, params: Params) -> bytes:
    if network.settings["webhook"]:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    allow(network, params)
    limit = min(max(params.whole("limit", 100), 1), 100)
    timeout = min(max(params.whole("timeout"), 0), 50)
    bodies = await network.updates.poll(params.whole("offset"), limit, timeout)
    return b"[" + b",".join(bodies) + b"]"


def allow(network: Network, params: Params) -> None:
    """Remember the kinds of update the bot wants; not given leaves them as they were."""
    allowed = params.structure("allowed_updates")
    if allowed is not None and allowed != network.settings["allowed"]:
        network.change_settings(allowed=[str(kind) for kind in allowed])


def set_webhook(network: Network, params: Params) -> bool:
    url = params.text("url")
    if not url:
        return delete_webhook(network, params)
    parts = urlsplit(url)
    # The real service wants HTTPS; on one machine plain HTTP to itself is what there is.
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise ApiError(400, "Bad Request: secret token contains unallowed characters")
    connections = min(max(params.whole("max_connections", 40), 1), 100)
    allow(network, params)
    _drop_pending(network, params)
    hook = {"url": url, "secret": secret, "connections": connections, "error_date": None, "error": None}
    network.change_settings(webhook=hook)
    network.updates.interrupt(ApiError(409, "Conflict: terminated by setWebhook request"))
    network.on_webhook()
    return True


def delete_webhook(network: Network, params: Params) -> bool:
    _drop_pending(network, params)
    network.change_settings(webhook=None)
    network.on_webhook()
    return True


def _drop_pending(network: Network, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        for update_id in list(network.updates.pending):
            network.updates.done(update_id)


def get_webhook_info(network: Network, _: Params) -> Json:
    hook = network.settings["webhook"] or {}
    waiting = len(network.updates.pending)
    shown: Json = {"url": hook.get("url", ""), "has_custom_certificate": False, "pending_update_count": waiting}
    if hook:
        shown["max_connections"] = hook["connections"]
    if hook.get("error"):
        shown |= {"last_error_date": hook["error_date"], "last_error_message": hook["error"]}
    if network.settings["allowed"]:
        shown["allowed_updates"] = network.settings["allowed"]
    return shown
