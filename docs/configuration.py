"""The page about config.toml, made from the JSON schema that editors are given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import tomli

from checks.text import Language, Text

EXAMPLE = Text(
    """timezone = "Asia/Shanghai"
language = "zh"

[stores.northwind]                    # 命令里用的店铺名
channel_id = "244176"                 # 后台地址里 channelId= 后面的数字
name = "北风官方旗舰店"                 # 会与页面核对
premium = false
tags = ["eu"]
thresholds = { RSP014 = 0.90, trend_window = 30 }

[browser]
proxy = "http://127.0.0.1:7890"

[site]
file = ""                             # 自己的站点文件，留空用自带的

[budget]
pages_per_hour = 120
quiet_hours = ["01:00-06:00"]         # 您所在时区的时间

[capture]
tracking = "needed"

[retention]
captures = 14

[[notify]]
name = "ops"
url_env = "SHOPLINT_NOTIFY_OPS"       # 地址放在环境变量里
min_severity = "warning"
events = ["new", "worse", "due", "failed"]
digest = "daily 09:00"
quiet_hours = ["22:00-08:00"]

[schedule]
times = ["08:30", "20:30"]
stores = { northwind = ["07:45"] }
""",
    """timezone = "Europe/Berlin"
language = "en"

[stores.northwind]                    # STORE on the command line
channel_id = "244176"                 # the number after channelId= in the backend's address
name = "Northwind Official Store"     # checked against the page
premium = false
tags = ["eu"]
thresholds = { RSP014 = 0.90, trend_window = 30 }

[browser]
proxy = "http://127.0.0.1:7890"

[site]
file = ""                             # a site file of your own; empty: the shipped one

[budget]
pages_per_hour = 120
quiet_hours = ["01:00-06:00"]         # in your own time zone

[capture]
tracking = "needed"

[retention]
captures = 14

[[notify]]
name = "ops"
url_env = "SHOPLINT_NOTIFY_OPS"       # the variable that holds the address
min_severity = "warning"
events = ["new", "worse", "due", "failed"]
digest = "daily 09:00"
quiet_hours = ["22:00-08:00"]

[schedule]
times = ["08:30", "20:30"]
stores = { northwind = ["07:45"] }
""",
)
"""A file that uses every table; a test reads it as the product does."""

VALUES: dict[str, str] = {
    "Config.timezone": '"Asia/Shanghai"',
    "Config.language": '"zh"',
    "StoreConfig.channel_id": '"244176"',
    "StoreConfig.name": '"Northwind Official Store"',
    "StoreConfig.id": '"1102345678"',
    "StoreConfig.premium": "true",
    "StoreConfig.tags": '["eu"]',
    "StoreConfig.thresholds": "{ RSP014 = 0.90 }",
    "BrowserConfig.executable": '"/usr/bin/chromium"',
    "BrowserConfig.channel": '"chrome"',
    "BrowserConfig.args": '["--lang=zh-CN"]',
    "BrowserConfig.ignore_https_errors": "false",
    "BrowserConfig.headless": "false",
    "BrowserConfig.proxy": '"http://127.0.0.1:7890"',
    "BrowserConfig.cdp_url": '"http://127.0.0.1:9222"',
    "BrowserConfig.timeout_s": "60",
    "SiteConfig.file": '"site.toml"',
    "BudgetConfig.pages_per_hour": "120",
    "BudgetConfig.pages_per_run": "100",
    "BudgetConfig.min_interval_s": "2.5",
    "BudgetConfig.quiet_hours": '["22:00-08:00"]',
    "BudgetConfig.cooldown_s": "3600",
    "CaptureConfig.keep_responses": "false",
    "CaptureConfig.max_list_pages": "20",
    "CaptureConfig.tracking": '"all"',
    "CaptureConfig.pictures": "true",
    "CaptureConfig.tabs": "2",
    "RetentionConfig.evidence_days": "90",
    "RetentionConfig.captures": "14",
    "NotifyConfig.name": '"ops"',
    "NotifyConfig.url": '"dingtalk://TOKEN"',
    "NotifyConfig.url_env": '"SHOPLINT_NOTIFY_OPS"',
    "NotifyConfig.keyring": '"ops"',
    "NotifyConfig.stores": '["northwind"]',
    "NotifyConfig.min_severity": '"error"',
    "NotifyConfig.language": '"en"',
    "NotifyConfig.events": '["new", "due"]',
    "NotifyConfig.digest": '"daily 09:00"',
    "NotifyConfig.quiet_hours": '["22:00-08:00"]',
    "NotifyConfig.due_hours": "48",
    "ScheduleConfig.times": '["08:30", "20:30"]',
    "ScheduleConfig.stores": '{ northwind = ["07:45"] }',
    "ScheduleConfig.jitter_s": "0",
    "ScheduleConfig.catch_up_s": "3600",
}
"""Section.key -> a value as it may stand in the file; a test reads each of them as the product does."""

TABLES: dict[str, Text] = {
    "Config": Text("最上面", "At the top"),
    "StoreConfig": Text("`[stores.名称]`", "`[stores.NAME]`"),
    "BrowserConfig": Text("`[browser]`", "`[browser]`"),
    "SiteConfig": Text("`[site]`", "`[site]`"),
    "BudgetConfig": Text("`[budget]`", "`[budget]`"),
    "CaptureConfig": Text("`[capture]`", "`[capture]`"),
    "RetentionConfig": Text("`[retention]`", "`[retention]`"),
    "NotifyConfig": Text("`[[notify]]`，每个渠道一段", "`[[notify]]`, one for each channel"),
    "ScheduleConfig": Text("`[schedule]`", "`[schedule]`"),
}
"""Section -> its heading, in the order of the page."""

INTRO = Text(
    """# 配置

由 `make docs` 根据程序本身生成。`config.toml` 放在数据文件夹里（`--home`、`SHOPLINT_HOME` 或系统的数据文件夹），也可以用
`--config` 指定别的文件。`shoplint init` 问几个问题就能写好它；没有这个文件也可以用，一切取默认值。

- 每一项都会检查：不认识的项、不对的值会一次全部列出，写明行号和“是不是……”，并以退出码 2 结束。
- 编辑器里的补全和提示：`shoplint init --schema` 输出 JSON schema。
- 账号、密码、机器人地址不写在这里，见[下文](#环境变量)。

## 例子""",  # noqa: E501
    """# Configuration

Written by `make docs` from the program itself. `config.toml` lies in the home folder (`--home`, `SHOPLINT_HOME`, or the system's
data folder); `--config` names another file. `shoplint init` asks a few questions and writes it; without it the defaults hold.

- Everything is checked: keys that are not known and values that cannot be are told all at once, with their lines and what was
  probably meant, and the exit code is 2.
- For completion and remarks in an editor: `shoplint init --schema` prints the JSON schema.
- Accounts, passwords and addresses of robots stand elsewhere, see [below](#environment-variables).

## An example""",  # noqa: E501
)
HEAD = Text("| 项 | 类型 | 默认 | 意思 | 例 |", "| key | type | default | means | example |")
VARIABLES = Text(
    """## 环境变量
| 变量 | 意思 |
|---|---|
| `SHOPLINT_HOME` | 存放一切数据的文件夹，与 `--home` 相同 |
| `SHOPLINT_LANG` | 命令行的语言：`zh` 或 `en`。先后顺序：`--lang`、`config.toml` 的 `language`、此变量、系统语言 |
| `SHOPLINT_VAULT_KEY` | 加密会话的密钥；没有它时密钥存在系统钥匙串里 |
| `SHOPLINT_<店铺>_USERNAME`、`SHOPLINT_<店铺>_PASSWORD` | 自动登录的账号和密码；店铺名用大写，非字母数字写作 `_` |
| `SHOPLINT_NOTIFY_<渠道>` | 通知渠道的地址，除非用 `url_env` 指定了别的变量 |
| `SHOPLINT_SERVE_PASSWORD` | `shoplint serve` 的密码；让别的机器访问时必须设置 |
| `NO_COLOR` | 不用颜色 |

系统定时器看不到终端里的变量：它们写在数据文件夹的 `schedule.env` 里，每行一个 `名称='值'`，文件权限 600。
`shoplint doctor` 会指出还缺哪些，并给出写入的命令。

## 自己的文字
后台改了文字时，可在同一文件夹放 `labels.toml`、`words.toml`、`site.toml`、`apis.toml`，只写改动的几行，见
[recording.zh.md](recording.zh.md)。""",
    """## Environment variables
| variable | means |
|---|---|
| `SHOPLINT_HOME` | the folder for all that is kept, as `--home` says |
| `SHOPLINT_LANG` | the language of the command line, `zh` or `en`. In turn: `--lang`, `language` of `config.toml`, this, the system's |
| `SHOPLINT_VAULT_KEY` | the key of the stored sessions; without it the system's keyring holds one |
| `SHOPLINT_<STORE>_USERNAME`, `SHOPLINT_<STORE>_PASSWORD` | to log in unattended; the store's name in capitals, `_` for what is neither letter nor digit |
| `SHOPLINT_NOTIFY_<CHANNEL>` | the address of a channel, unless `url_env` names another variable |
| `SHOPLINT_SERVE_PASSWORD` | the password of `shoplint serve`, which it needs before other machines may ask |
| `NO_COLOR` | no colours |

Timers of the system do not see the variables of a terminal: they belong into `schedule.env` of the home folder, one `NAME='value'` a
line, mode 600. `shoplint doctor` names those that are missing, with the command that writes them.

## Words of your own
When the backend changes its words, `labels.toml`, `words.toml`, `site.toml` and `apis.toml` in the same folder hold the few lines
that differ, see [recording.md](recording.md).""",  # noqa: E501
)


def page(language: Language) -> str:
    """The whole page."""
    from agent.schema import schema

    found = schema(language)
    blocks = [INTRO.to(language), f"```toml\n{EXAMPLE.to(language)}```"]
    for section, heading in TABLES.items():
        part = found if section == "Config" else found["$defs"][section]
        rows = [_row(section, key, value, part, language) for key, value in part["properties"].items()]
        blocks.append("\n".join([f"## {heading.to(language)}", HEAD.to(language), "|---|---|---|---|---|", *rows]))
    return "\n\n".join([*blocks, VARIABLES.to(language)]) + "\n"


def _row(section: str, key: str, value: dict[str, Any], part: dict[str, Any], language: Language) -> str:
    example = VALUES.get(f"{section}.{key}")
    cells = (
        f"`{key}`",
        _kind(value, language),
        _default(value, key in part.get("required", ()), language),
        str(value["description"]).replace("|", "\\|"),
        f"`{key} = {example}`" if example else "",
    )
    return "| " + " | ".join(cells) + " |"


def _default(value: dict[str, Any], is_required: bool, language: Language) -> str:
    if is_required:
        return Text("必填", "required").to(language)
    default = value.get("default")
    return "" if default in (None, {}) or "$ref" in value else f"`{json.dumps(default, ensure_ascii=False)}`"


def _kind(value: dict[str, Any], language: Language) -> str:
    """The type in words, with what a value must keep to."""
    return " / ".join(_kinds(value, language))


def _kinds(value: dict[str, Any], language: Language) -> Iterator[str]:
    words = {
        "string": Text("文本", "text"),
        "boolean": Text("true 或 false", "true or false"),
        "integer": Text("整数", "whole number"),
        "number": Text("数值", "number"),
    }
    if "anyOf" in value:
        for part in value["anyOf"]:
            if part.get("type") != "null":
                yield from _kinds(part, language)
    elif "enum" in value:
        yield Text("、", ", ").to(language).join(f'`"{choice}"`' for choice in value["enum"])
    elif value.get("type") == "array":
        inner = value["items"]
        if "$ref" in inner:
            yield Text("多段", "tables").to(language)
        else:
            yield f"{Text('列表：', 'list of ').to(language)}{_kind(inner, language)}"
    elif value.get("type") == "object" or "$ref" in value:
        yield Text("表", "table").to(language)
    else:
        yield words[value["type"]].to(language) + _limits(value)


def _limits(value: dict[str, Any]) -> str:
    signs = {"minimum": "≥", "gt": ">", "exclusiveMinimum": ">", "maximum": "≤"}
    return "".join(f" {sign} {value[key]:g}" for key, sign in signs.items() if key in value)


def example_of(section: str, key: str) -> Any:
    """What the example of one key says, as TOML reads it."""
    return tomli.loads(f"{key} = {VALUES[f'{section}.{key}']}")[key]
