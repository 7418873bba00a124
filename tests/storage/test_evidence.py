"""What has a name in the evidence store is whole; what failed leaves nothing that looks whole."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.evidence import UNFINISHED, EvidenceStore, EvidenceUnavailableError

DATA = b"\xff\xd8 photo"
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


def files(store: EvidenceStore) -> list[Path]:
    assert store.folder is not None
    return [p for p in store.folder.rglob("*") if p.is_file()]


def test_bytes_lie_under_their_hash_and_come_back(store: EvidenceStore) -> None:
    assert not store.exists(SHA)
    assert store.put(DATA) == SHA
    assert store.exists(SHA)
    assert store.get(SHA) == DATA
    assert store.folder is not None
    assert files(store) == [store.folder / SHA[:2] / SHA[2:4] / SHA]


def test_the_same_bytes_twice_are_written_once(store: EvidenceStore) -> None:
    store.put(DATA)
    before = store.path(SHA).stat().st_ino
    assert store.put(DATA) == SHA
    assert store.path(SHA).stat().st_ino == before


def test_bytes_and_every_new_folder_are_synced_before_put_returns(
    store: EvidenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def noting(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    store.put(DATA)
    assert synced[:2] == [SHA[:2], "evidence"]
    assert synced[2].startswith(UNFINISHED)
    assert synced[3:] == [SHA[2:4]]


def test_a_full_disk_is_said_and_leaves_nothing(store: EvidenceStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(EvidenceUnavailableError, match="No space left"):
            store.put(DATA)
    assert files(store) == []
    assert store.put(DATA) == SHA  # works again when there is room


def test_missing_bytes_are_said(store: EvidenceStore) -> None:
    with pytest.raises(EvidenceUnavailableError):
        store.get(SHA)
    with pytest.raises(EvidenceUnavailableError):
        EvidenceStore(None).get(SHA)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, SHA + "0"])
def test_only_hashes_are_names(store: EvidenceStore, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.path(name)


def test_orphans_are_old_files_that_no_row_names(store: EvidenceStore) -> None:
    now = datetime.now(UTC)
    known, orphan, fresh = (store.put(name) for name in (b"known", b"orphan", b"fresh"))
    unfinished = store.path(known).parent / f"{UNFINISHED}x"
    unfinished.write_bytes(b"half")
    for path in (store.path(known), store.path(orphan), unfinished):
        os.utime(path, ((now - timedelta(hours=2)).timestamp(),) * 2)
    found = store.orphans({known}, now - timedelta(hours=1))
    assert set(found) == {store.path(orphan), unfinished}
    assert store.exists(fresh)


def test_an_empty_store_has_no_orphans(store: EvidenceStore) -> None:
    assert store.orphans(set(), datetime.now(UTC)) == []


def test_addresses(tmp_path: Path) -> None:
    assert EvidenceStore.from_url("data/evidence").folder == Path("data/evidence")
    assert EvidenceStore.from_url(f"file://{tmp_path}/%E1%BA%A3nh").folder == tmp_path / "ảnh"
    assert EvidenceStore.from_url(":memory:").folder is None
    for wrong in ("s3://bucket/x", ""):
        with pytest.raises(ValueError, match="not understood"):
            EvidenceStore.from_url(wrong)


def test_memory_keeps_bytes() -> None:
    store = EvidenceStore(None)
    assert store.get(store.put(DATA)) == DATA
    assert store.exists(SHA)
    assert store.orphans(set(), datetime.now(UTC)) == []
