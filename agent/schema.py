"""The JSON schema of config.toml for editors: what may stand there, and in words what it means."""

from __future__ import annotations

from typing import Any

from agent.config import Config
from checks.text import Language, Text

DESCRIPTIONS: dict[str, dict[str, Text]] = {
    "Config": {
        "timezone": Text(
            "您所在的时区；报告会在后台时间旁显示", "your own time zone; reports show it beside the backend's"
        ),
        "language": Text("报告和提示的语言", "the language of reports and remarks"),
        "stores": Text(
            "店铺，[stores.名称]；名称就是命令行里用的店铺名", "the stores, [stores.NAME] as named in commands"
        ),
        "browser": Text("浏览器", "the browser"),
        "site": Text("后台地址和页面标志", "addresses and marks of the backend"),
        "budget": Text("访问后台的上限", "how much the backend is asked, at most"),
        "capture": Text("采集", "captures"),
        "retention": Text("保留多久", "how long things are kept"),
        "notify": Text("通知渠道，每个渠道一段 [[notify]]", "notification channels, one [[notify]] each"),
        "schedule": Text("定时检查", "unattended audits"),
    },
    "StoreConfig": {
        "channel_id": Text(
            "后台地址里 channelId= 后面的数字，采集必填", "the number after channelId= in the backend's address"
        ),
        "name": Text("店铺名称，会与页面核对", "the store's own name, checked against the page"),
        "id": Text("店铺编号，会与页面核对", "the store's id, checked against the page"),
        "premium": Text("是否精品店铺", "whether it is a premium store"),
        "tags": Text("自己的标签", "labels of your own"),
        "thresholds": Text(
            "自定义阈值：规则代码或阈值名 = 数值（90% 写作 0.9）", "your own lines: code or name = value (90% is 0.9)"
        ),
    },
    "BrowserConfig": {
        "executable": Text("浏览器程序的路径，留空自动查找", "the path of the browser; empty: found"),
        "channel": Text(
            "Playwright 的浏览器渠道，如 chrome、msedge", "a channel of Playwright, such as chrome or msedge"
        ),
        "args": Text("启动参数", "arguments of the browser"),
        "ignore_https_errors": Text("忽略证书错误，仅用于测试", "ignore certificate errors; for tests only"),
        "headless": Text("不显示窗口", "without a window"),
        "proxy": Text("代理，如 http://127.0.0.1:7890", "a proxy, such as http://127.0.0.1:7890"),
        "cdp_url": Text(
            "连接已打开的浏览器（多账号浏览器）", "attach to a running browser, as multi-account browsers offer"
        ),
        "timeout_s": Text("等待一页的秒数", "seconds to wait for a page"),
    },
    "SiteConfig": {
        "file": Text("站点文件，相对于 config.toml 所在文件夹", "a site file, relative to the folder of config.toml"),
    },
    "BudgetConfig": {
        "pages_per_hour": Text("每小时最多打开的页数", "pages an hour, at most"),
        "pages_per_run": Text("每次检查最多打开的页数", "pages a run, at most"),
        "min_interval_s": Text("两页之间至少间隔的秒数", "seconds between two pages, at least"),
        "quiet_hours": Text("不访问后台的时间段，如 22:00-08:00", "spans without visits, such as 22:00-08:00"),
        "cooldown_s": Text("后台要求验证后暂停的秒数", "seconds of rest after a verification"),
    },
    "CaptureConfig": {
        "keep_responses": Text("保存页面自己取得的 JSON", "keep the JSON that pages fetch themselves"),
        "max_list_pages": Text("一个列表最多翻的页数", "pages of one list, at most"),
        "tracking": Text("物流详情：不看、只看需要的、全部", "tracking pages: none, those needed, or all"),
        "pictures": Text(
            "给每页拍一张图，网页报告据此截取问题所在的一行；拍之前先遮住买家信息等一切未识别的文字",
            "take a picture of each page, from which the HTML report cuts what a finding speaks of; whatever is not "
            "known to be nobody's data is blanked before",
        ),
        "tabs": Text(
            "同时打开的页面数；1 最像一个人在看，后台慢时 2 到 4 更快。间隔和页数限制不变；接入已打开的浏览器时总是 1",
            "pages open side by side; 1 is most like a person, 2 to 4 are faster where the backend is slow. Interval "
            "and limits hold all the same; in an attached browser it is always 1",
        ),
    },
    "RetentionConfig": {
        "evidence_days": Text("证据保留的天数", "days that evidence is kept"),
        "captures": Text("每家店铺保留的存档数", "captures kept of each store"),
    },
    "NotifyConfig": {
        "name": Text("渠道名称", "the channel's name"),
        "url": Text(
            "机器人 Webhook 或 apprise 地址；含密钥，建议改用 url_env 或钥匙串",
            "a robot's webhook or an apprise address; it holds a secret, so url_env or the keyring is better",
        ),
        "url_env": Text("存放地址的环境变量", "the variable that holds the address"),
        "keyring": Text("存放地址的钥匙串条目", "the entry of the keyring that holds the address"),
        "stores": Text("只通知这些店铺，留空为全部", "only these stores; empty: all"),
        "min_severity": Text("从哪一级起通知", "the severity from which it is told"),
        "language": Text("消息的语言，默认同 language", "the language of its messages; default: language"),
        "events": Text("通知哪些情况", "what is told"),
        "digest": Text("立即（at once）或每天汇总（daily 09:00）", "at once, or together: daily 09:00"),
        "quiet_hours": Text("静默时段，如 22:00-08:00，结束后再发", "spans without messages; they follow afterwards"),
        "due_hours": Text("到期前多少小时提醒", "hours before a deadline at which it is told"),
    },
    "ScheduleConfig": {
        "times": Text("每天的检查时间，如 08:30", "the times of the day, such as 08:30"),
        "stores": Text("单独设定某家店铺的时间，空列表表示不检查", "times of single stores; an empty list is never"),
        "jitter_s": Text("随机推迟至多多少秒", "seconds that an audit begins later, at random, at most"),
        "catch_up_s": Text("错过多少秒以内的检查会补做一次", "seconds within which a missed audit is made up for"),
    },
}
"""Section -> key -> what it means."""


def schema(language: Language) -> dict[str, Any]:
    """The schema of the whole file, with descriptions in one language."""
    found = Config.model_json_schema()
    title = Text("shoplint 的配置文件 config.toml", "config.toml of shoplint").to(language)
    _describe(found, "Config", language)
    for name, part in found.get("$defs", {}).items():
        _describe(part, name, language)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": title, "description": title}


def _describe(part: dict[str, Any], section: str, language: Language) -> None:
    part.pop("description", None)  # the docstring, which is for those who read the code
    for key, value in part.get("properties", {}).items():
        value.pop("title", None)
        value["description"] = DESCRIPTIONS[section][key].to(language)
