"""Why a page did not come, in both languages: a capture keeps the type, and a message in the language of its writer."""

from __future__ import annotations

from checks.text import Text

_WORDS = {
    "timeout": Text("等待超时", "timed out"),
    "crashed": Text("页面崩溃", "the page crashed"),
    "network": Text("网络连接失败", "no connection"),
    "browser": Text("浏览器出错", "the browser failed"),
    "browser_lost": Text("浏览器中途结束", "the browser ended"),
    "hollow": Text("页面上没有任何数据，也没有店铺名", "the page shows neither data nor the store's name"),
    "inner_fault": Text("后台接口报错", "the backend's own service failed"),
    "traffic_limit": Text("后台要求放慢访问", "the backend asked for fewer requests"),
    "view_missing": Text("页面上没有这个标签页", "the page has no such tab"),
    "no_session": Text("还没有登录", "nobody has logged in yet"),
    "session_expired": Text("会话已过期", "the session has expired"),
    "wrong_password": Text("账号或密码不正确", "wrong account or password"),
    "verification": Text("后台要求人工验证", "the backend asks for a verification"),
    "verification_required": Text("后台要求人工验证", "the backend asks for a verification"),
    "code_required": Text("后台要求输入验证码", "the backend asks for a code"),
    "account_frozen": Text("账号被冻结", "the account is frozen"),
    "wrong_store": Text("打开的是另一家店铺", "another store's page"),
    "store_parked": Text("店铺正在冷却，暂不访问", "the store is left to rest"),
    "budget_spent": Text("访问次数已用完", "the budget is spent"),
    "no_file": Text("存档没有写明这个页面的文件", "the capture names no file for this page"),
    "missing_file": Text("存档里缺少这个文件", "the file is not in the capture"),
    "empty_file": Text("文件是空的", "the file is empty"),
    "damaged_file": Text("文件已损坏", "the file is damaged"),
    "truncated_file": Text("文件不完整", "the file is cut off"),
    "unreadable_file": Text("文件无法读取", "the file cannot be read"),
    "not_a_page": Text("文件不是网页", "the file is no page"),
}


def mishap(type_: str | None, message: str | None) -> Text:
    """The mishap of a type that is known, with what its message adds; any other by its message, else by its type."""
    en = message or (_WORDS[type_].en if type_ in _WORDS else type_ or "?")
    if type_ not in _WORDS:
        return Text(en, en)
    added = f"（{message}）" if type_ in _TECHNICAL and message else ""
    return Text(f"{_WORDS[type_].zh}{added}", en)


_TECHNICAL = ("network", "browser", "inner_fault")
"""Types whose message is a name that helps whoever mends it."""
