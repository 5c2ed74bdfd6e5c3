"""Reads TensorFlow checkpoints without TensorFlow.

A checkpoint is a table of contents, `*.index`, and raw numbers, `*.data-00000-of-00001`. The table is an SSTable as LevelDB
writes it (github.com/google/leveldb/blob/main/doc/table_format.md): sorted keys with shared beginnings, in blocks; its values
are Protocol Buffers called BundleEntryProto (tensorflow/core/protobuf/tensor_bundle.proto).
"""

import struct
from pathlib import Path

import numpy as np

FOOTER_BYTES = 48
MAGIC = 0xDB4775248B80FB57
# BundleEntryProto's fields, and TensorFlow's number for float32.
DTYPE, SHAPE, SHARD, OFFSET, SIZE = 1, 2, 3, 4, 5
DT_FLOAT = 1


class CheckpointError(ValueError):
    pass


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, lowest first, and where it ends."""
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise CheckpointError(f"a number breaks off at byte {at}; the file is damaged")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def read_block(table: bytes, handle: bytes) -> tuple[list[tuple[bytes, bytes]], int]:
    """Keys and values of the block that a handle (offset, size) points to, and the handle's own length."""
    offset, at = read_varint(handle, 0)
    size, at = read_varint(handle, at)
    if offset + size + 5 > len(table):  # each block is followed by its compression and a checksum
        raise CheckpointError(f"a block at byte {offset} goes beyond the file's end; the file is damaged")
    if table[offset + size] != 0:
        raise CheckpointError("the table is compressed; only plain ones can be read here")
    block = table[offset : offset + size]
    restarts = struct.unpack("<I", block[-4:])[0]
    end = size - 4 * (restarts + 1)
    entries, key, position = [], b"", 0
    while position < end:
        shared, position = read_varint(block, position)
        own, position = read_varint(block, position)
        length, position = read_varint(block, position)
        key = key[:shared] + block[position : position + own]
        position += own
        entries.append((key, block[position : position + length]))
        position += length
    return entries, at


def read_message(data: bytes) -> dict[int, list]:
    """A Protocol Buffers message: field number to its values, integers or bytes."""
    fields: dict[int, list] = {}
    at = 0
    while at < len(data):
        tag, at = read_varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = read_varint(data, at)
        elif kind in (1, 2, 5):
            length, at = read_varint(data, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
            value, at = data[at : at + length], at + length
        else:
            raise CheckpointError(f"field {tag >> 3} has the unknown wire type {kind}; the file is damaged")
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def read_checkpoint(index: bytes, data: bytes) -> dict[str, np.ndarray]:
    """All float32 variables by name."""
    if len(index) < FOOTER_BYTES or struct.unpack("<Q", index[-8:])[0] != MAGIC:
        raise CheckpointError("not a checkpoint's index: its last eight bytes are not a table's")
    footer = index[-FOOTER_BYTES:]
    _, metaindex_length = read_block(index, footer)
    blocks, _ = read_block(index, footer[metaindex_length:])
    variables = {}
    for _, handle in blocks:
        for key, value in read_block(index, handle)[0]:
            entry = read_message(value)
            if not key or entry.get(DTYPE, [0])[0] != DT_FLOAT:
                continue  # the header, or a counter
            if entry.get(SHARD, [0])[0] != 0:
                raise CheckpointError(f"{key.decode()}: lies in another data file; only checkpoints of one file can be read")
            shape = [read_message(d).get(1, [0])[0] for d in read_message(entry.get(SHAPE, [b""])[0]).get(2, [])]
            offset, size = entry.get(OFFSET, [0])[0], entry[SIZE][0]
            if size != 4 * int(np.prod(shape)) or offset + size > len(data):
                raise CheckpointError(f"{key.decode()}: {size} bytes at {offset} do not make {shape}; the file is damaged")
            variables[key.decode()] = np.frombuffer(data, "<f4", size // 4, offset).reshape(shape)
    return variables


def load_checkpoint(prefix: Path) -> dict[str, np.ndarray]:
    """The checkpoint at PREFIX.index and PREFIX.data-00000-of-00001."""
    index, data = (Path(f"{prefix}{end}") for end in (".index", ".data-00000-of-00001"))
    try:
        return read_checkpoint(index.read_bytes(), data.read_bytes())
    except CheckpointError as error:
        raise CheckpointError(f"{index}: {error}") from None
