"""A file gets an id of its own each time it is sent, and a unique id that follows from its bytes."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from bot.simulator.store import Json, Rendition, Store, renditions

HELD: Final = 200_000
MIMES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
    "zip": "application/zip",
    "txt": "text/plain",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
}

Picture = bytes | Sequence[Rendition]


class File(NamedTuple):
    """A file of the network; width and height in pixels and duration in seconds are 0 where they have no meaning."""

    file_id: str
    unique_id: str
    size: int
    path: str
    digest: str
    name: str
    mime: str
    width: int = 0
    height: int = 0
    duration: int = 0

    def api(self) -> Json:
        shown: Json = {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}
        if self.width:
            return shown | {"width": self.width, "height": self.height}
        if self.duration:
            return shown | {"duration": self.duration, "mime_type": self.mime}
        return shown | {"file_name": self.name, "mime_type": self.mime}

    def row(self) -> list[Any]:
        return list(self)


class Files(OrderedDict[str, File]):
    """The files the network still knows, by file id, oldest first; the bytes are in the store."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store, self._ids = store, store.counter("file")
        self._paths: dict[str, str] = {}
        for row in store.rows("file"):
            self._keep(File(*row))

    def add(self, body: bytes, name: str, mime: str, *, folder: str = "documents", duration: int = 0) -> File:
        """Keep bytes under a new file id; `duration` of a voice message in seconds."""
        return self._new(Rendition.of(body, 0, 0), name, mime, folder=folder, duration=duration)

    def add_photo(self, picture: Picture) -> tuple[File, ...]:
        """Keep a photo in the network's sizes. ValueError: the bytes are no picture."""
        sizes = renditions(picture) if isinstance(picture, bytes) else picture
        return tuple(self._new(size, "", "image/jpeg", folder="photos") for size in sizes)

    def at(self, path: str) -> File | None:
        """The file whose download path this is."""
        return self.get(self._paths.get(path, ""))

    def body(self, file: File) -> bytes | None:
        return self._store.blob(file.digest)

    def _new(self, made: Rendition, name: str, mime: str, *, folder: str, duration: int = 0) -> File:
        number = self._ids.next()
        ending = name.rpartition(".")[2] if "." in name else "jpg"
        path = f"{folder}/file_{number}.{re.sub(r'[^A-Za-z0-9]', '', ending) or 'bin'}"
        file = File(
            file_id=f"AgAC{number}AAg{made.digest[:24]}",
            unique_id=f"AQAD{made.digest[:16]}",
            size=len(made.body),
            path=path,
            digest=made.digest,
            name=name,
            mime=mime,
            width=made.width,
            height=made.height,
            duration=duration,
        )
        self._store.put_blob(made.digest, made.body)
        self._keep(file)
        return file

    def _keep(self, file: File) -> None:
        self[file.file_id] = file
        self._paths[file.path] = file.file_id
        self._store.put("file", file.file_id, file)
        if len(self) > HELD:
            oldest = self.popitem(last=False)[1]
            self._paths.pop(oldest.path, None)
            self._store.put("file", oldest.file_id, None)


def mime_of(name: str, body: bytes) -> str:
    """The type the network gives a file: pictures by their first bytes, others by the ending of the name."""
    if body.startswith(b"\xff\xd8"):
        return "image/jpeg"
    if body.startswith(b"\x89PNG"):
        return "image/png"
    return MIMES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
