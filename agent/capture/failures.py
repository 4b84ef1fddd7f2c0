"""The sentences about captures that cannot be used: what was wanted, what is there, what to do next."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.errors import (
    CaptureDamaged,
    CaptureError,
    CaptureEscapes,
    CaptureExists,
    CaptureInUse,
    CaptureMissing,
    CaptureNotWritten,
    CaptureTooLarge,
    CaptureUnreadable,
    NotACapture,
    NotAnExport,
    PageUnreadable,
)
from checks.text import Text, plain


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn an error of the file system into the CaptureError that says what to do."""
    try:
        yield
    except FileNotFoundError as error:
        raise missing(path) from error
    except OSError as error:
        raise unreadable(path, error) from error


def missing(path: Path) -> CaptureError:
    return CaptureMissing(
        Text(
            f"找不到 {path}；请检查路径，应为采集文件夹、它的 .zip 或订单导出 .xlsx",
            f"there is no {path}; check the path: a capture's folder, its .zip or an order export .xlsx is wanted",
        )
    )


def unreadable(path: Path, error: OSError) -> CaptureError:
    said = error.strerror or type(error).__name__
    return CaptureUnreadable(
        Text(
            f"无法读取 {path}（{said}）；请检查文件权限后再运行一次",
            f"{path} cannot be read ({said}); check its permissions, then run again",
        )
    )


def empty(path: Path) -> CaptureError:
    return NotACapture(
        Text(
            f"{path} 是空文件，没有可读取的内容；请重新下载或重新采集",
            f"{path} is empty, there is nothing to read; download it or capture it again",
        )
    )


def not_a_capture(path: Path, found: Text) -> CaptureError:
    return NotACapture(
        Text(
            f"{path} 不是采集结果：{found.zh}；请给出含有 capture.json 的文件夹、它的 .zip 或订单导出 .xlsx",
            f"{path} is not a capture: {found.en}; name the folder that holds capture.json, its .zip "
            "or an order export .xlsx",
        )
    )


def damaged(path: Path, said: str) -> CaptureError:
    return CaptureDamaged(
        Text(
            f"压缩包 {path} 不完整或已损坏（{said}）；请重新复制或重新采集",
            f"the archive {path} is cut off or damaged ({said}); copy it again or capture again",
        )
    )


def encrypted(path: Path) -> CaptureError:
    return CaptureDamaged(
        Text(
            f"压缩包 {path} 有密码，无法读取；请解压后给出其中的文件夹",
            f"the archive {path} is protected by a password; unpack it and name the folder instead",
        )
    )


def escapes(path: Path, name: str) -> CaptureError:
    return CaptureEscapes(
        Text(
            f"{path} 中的文件名 {name!r} 指向采集文件夹之外，已拒绝读取；请只使用来源可信的采集结果",
            f"the file name {name!r} in {path} leads out of the capture's folder, so nothing was read; "
            "use captures from a source you trust only",
        )
    )


def too_large(path: Path, name: str | None, limit: Text) -> CaptureError:
    what = _what(path, name)
    return CaptureTooLarge(
        Text(
            f"{what.zh} 超出上限（{limit.zh}），可能是压缩炸弹，已停止读取；请只使用来源可信的采集结果",
            f"{what.en} goes beyond the limit ({limit.en}), as archive bombs do, so reading stopped; "
            "use captures from a source you trust only",
        )
    )


def not_an_export(path: Path, found: Text) -> NotAnExport:
    return NotAnExport(
        Text(
            f"{path} 不是 .xlsx 订单导出：{found.zh}；请从后台“订单管理 → 导出”重新下载，不要改格式或加密码",
            f"{path} is no .xlsx order export: {found.en}; download it again from the backend's order list (Export), "
            "and save it neither in another format nor with a password",
        )
    )


def page(type_: str, path: Path, name: str | None, found: Text) -> PageUnreadable:
    """The file of one page, or a page given alone."""
    what = _what(path, name)
    return PageUnreadable(
        type_,
        found,
        Text(
            f"{what.zh} 无法作为页面读取：{found.zh}；请重新采集该页面",
            f"{what.en} cannot be read as a page: {found.en}; capture that page again",
        ),
    )


def picture(type_: str, path: Path, name: str | None, found: Text) -> PageUnreadable:
    """A picture of a page, which the page does without."""
    what = _what(path, name)
    return PageUnreadable(
        type_,
        found,
        Text(
            f"{what.zh} 无法作为页面图片使用：{found.zh}；报告里不附这张图，页面本身照常判断",
            f"{what.en} cannot be used as a picture of a page: {found.en}; the report goes without it, and the page "
            "is judged all the same",
        ),
    )


def _what(path: Path, name: str | None) -> Text:
    if name is None or name == path.name:
        return plain(path)
    return Text(f"{path} 中的 {name}", f"{name} in {path}")


def size(limit: int) -> Text:
    shown = f"{limit >> 20} MiB"
    return Text(f"展开后最多 {shown}", f"{shown} expanded")


def ratio(limit: int) -> Text:
    return Text(f"压缩比最多 {limit}:1", f"packed {limit}:1")


def entries(limit: int) -> Text:
    return Text(f"最多 {limit:,} 个文件", f"{limit:,} files")


def finished(path: Path) -> CaptureExists:
    return CaptureExists(
        Text(
            f"{path} 中已有一份完成的采集，不会覆盖；请用 -o 指定新的文件夹",
            f"{path} already holds a finished capture, which is never overwritten; name a new folder with -o",
        )
    )


def unfinished(path: Path) -> CaptureExists:
    return CaptureExists(
        Text(
            f"{path} 中有一份未完成的采集，不会覆盖；可以用 shoplint judge 检查它，新的采集请用 -o 指定新的文件夹",
            f"{path} holds a capture that was cut short, which is never overwritten; shoplint judge can read it; "
            "name a new folder with -o for another",
        )
    )


def another_store(path: Path) -> CaptureExists:
    return CaptureExists(
        Text(
            f"{path} 中未完成的采集属于另一家店铺，不能继续；请用 -o 指定新的文件夹",
            f"the unfinished capture in {path} is another store's and cannot be continued; name a new folder with -o",
        )
    )


def not_empty(path: Path) -> CaptureExists:
    return CaptureExists(
        Text(
            f"{path} 不是空文件夹，其中也没有采集结果；请用 -o 指定新的或空的文件夹",
            f"{path} is not empty and holds no capture; name a new or an empty folder with -o",
        )
    )


def in_use(path: Path) -> CaptureInUse:
    return CaptureInUse(
        Text(
            f"另一个程序正在向 {path} 写入采集结果；请等它结束，或用 -o 指定别的文件夹",
            f"another program is writing a capture into {path}; wait until it ends, or name another folder with -o",
        )
    )


def not_written(path: Path, error: OSError) -> CaptureNotWritten:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CaptureNotWritten(
            Text(
                f"磁盘空间不足，无法继续写入 {path}，之前的页面仍在；请腾出空间后再采集",
                f"no space is left to write {path}; the pages before are safe; free some space, then capture again",
            )
        )
    said = error.strerror or type(error).__name__
    return CaptureNotWritten(
        Text(
            f"无法写入 {path}（{said}）；请检查文件夹权限，或用 -o 指定别的文件夹",
            f"{path} cannot be written ({said}); check the folder's permissions, or name another one with -o",
        )
    )
