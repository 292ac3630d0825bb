"""Methods that send and fetch files."""

from .account import StoredFile
from .errors import bad_request, defective
from .messages import deliver, prepare, text_content
from .registry import Call, method
from .schema import JsonObject

# What a bot may download and upload by Telegram's own server.
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024


def document_json(stored: StoredFile) -> JsonObject:
    """A Document."""
    result: JsonObject = {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": stored.size,
                          "file_name": stored.name}  # fmt: skip
    return result | ({"mime_type": stored.mime_type} if stored.mime_type else {})


def uploaded(call: Call, name: str) -> StoredFile:
    """The file that a parameter names: a part of the request, or one that lies at Telegram's already.

    Raises:
        BotApiError: 400.
    """
    value = call.params[name]
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    if not value.startswith("attach://"):
        return call.account.file(value)
    upload = call.files.get(value.removeprefix("attach://"))
    if upload is None:
        raise defective(f"there is no {name} in the request")
    if not upload.data:
        raise defective("file must be non-empty")
    if len(upload.data) > MAX_UPLOAD_BYTES:
        raise defective("file is too big")
    return call.account.add_file(upload.name, upload.data, upload.mime_type)


@method("sendDocument", returns="Message")
async def send_document(call: Call) -> object:
    content = text_content(call, name="caption", caption=True)
    content["document"] = document_json(uploaded(call, "document"))
    return deliver(call, prepare(call), content)


@method("getFile", returns="File")
async def get_file(call: Call) -> object:
    stored = call.account.file(call.params["file_id"])
    if stored.size > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": stored.size,
            "file_path": stored.path}  # fmt: skip
