"""The words of each verb. Braces name facts of the event; `{who}` is the actor, `{name}` the element in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """How one verb is said, and its tone: `done`, `now`, `late` or `note`."""

    zh: str
    en: str
    tone: str = "note"


UNKNOWN = Row("{who}执行了操作“{verb}”。", "{who} did “{verb}”.")

ROWS: dict[str, Row] = {
    "case.registered": Row("{who}登记了投诉 {number}（{unit}）。", "{who} registered complaint {number} at {unit}.", "done"),
    "case.started": Row("{number}（{unit}）由“{name}”自动启动。", "{number} at {unit} was started by “{name}”."),
    "case.closed": Row("投诉已结束：{name}。", "The complaint was closed: {name}.", "done"),
    "task.claimed": Row("{who}签收了“{name}”。", "{who} claimed “{name}”.", "now"),
    "task.released": Row("{who}退回了“{name}”，等待他人签收。", "{who} put “{name}” back for others to claim."),
    "task.offered": Row("人员或组织有变动，“{name}”现由{roles}办理。", "People or units have changed: “{name}” is now for {roles}."),
    "task.lapsed": Row(
        "{person}不再担任相应角色，“{name}”等待他人签收。", "{person} no longer holds the role, and “{name}” waits for others to claim."
    ),
    "task.completed": Row("{who}完成了“{name}”。", "{who} completed “{name}”.", "done"),
    "task.overdue": Row("“{name}”已超时，时限为 {due}。", "“{name}” is overdue; it was due on {due}.", "late"),
    "timer.fired": Row("到时：“{name}”（{due}）。", "Time reached: “{name}” ({due}).", "late"),
    "deadline.extended": Row(
        "{who}把“{name}”的时限由 {was} 延长到 {due}：{reason}", "{who} extended “{name}” from {was} to {due}: {reason}"
    ),
    "deadlines.recomputed": Row("日历有变，时限已重新计算。", "The calendar changed, so the deadlines were counted again."),
    "level.raised": Row("级别由“{from}”升为“{to}”。", "The level rose from “{from}” to “{to}”.", "late"),
    "message.received": Row("“{element_name}”收到消息，流程继续。", "“{element_name}” received its message and the procedure went on."),
    "message.delivered": Row("收到外部消息“{name}”，流程继续。", "The message “{name}” came from outside and the procedure went on."),
    "job.completed": Row("“{name}”的自动处理已完成。", "The job of “{name}” was completed.", "done"),
    "job.error_thrown": Row("“{name}”的自动处理以业务错误结束。", "The job of “{name}” ended with an error of its own.", "late"),
    "signal.received": Row("“{element_name}”收到信号，流程继续。", "“{element_name}” received its signal and the procedure went on."),
    "signal.delivered": Row("收到其他案件的信号“{name}”。", "The signal “{name}” came from another case."),
    "job.failed": Row("“{element}”的自动处理失败，还可重试 {retries} 次。", "The job of “{element}” failed; {retries} tries left.", "late"),
    "notice.sent": Row("已通知{roles}：{zh}", "{roles} told: {zh}"),
    "incident.opened": Row("流程出现异常：{zh}", "The procedure stopped: {zh}", "late"),
    "incident.resolved": Row("异常已排除，流程继续。", "The incident was resolved and the procedure went on.", "done"),
    "person.added": Row("{who}新增了人员，登录名 {login}。", "{who} added the person with the login {login}."),
    "person.password_set": Row("{who}设置了密码。", "{who} set the password."),
    "person.signed_in": Row("{who}登录了系统。", "{who} signed in."),
    "person.signed_out": Row("{who}退出了系统。", "{who} signed out."),
    "person.sign_in_failed": Row("登录失败：密码不正确。", "A sign-in failed: wrong password.", "late"),
    "person.closed": Row("{who}停用了此人员。", "{who} closed this person's account."),
    "membership.added": Row("{who}授予了角色“{role}”（{unit}）。", "{who} gave the role “{role}” at {unit}."),
    "membership.ended": Row("{who}收回了角色“{role}”。", "{who} took back the role “{role}”."),
    "substitution.added": Row("{who}指定{substitute}代为办理。", "{who} named {substitute} as substitute."),
    "office_hours.changed": Row("{who}更改了办公时间。", "{who} changed the office hours."),
    "holidays.imported": Row("{who}导入了节假日安排（第 {version} 版）。", "{who} imported the public holidays (version {version})."),
    "unit.added": Row("{who}新增了组织单元“{name}”。", "{who} added the unit “{name}”."),
    "release.deployed": Row("{who}上传了第 {number} 版草稿。", "{who} deployed release {number} as a draft."),
    "release.submitted": Row("{who}提交了审查。", "{who} submitted it for examination."),
    "release.approved": Row("{who}审查通过。", "{who} approved it.", "done"),
    "release.rejected": Row("{who}退回了审查。", "{who} rejected it.", "late"),
    "release.activated": Row("{who}启用了第 {number} 版。", "{who} made release {number} active.", "done"),
    "release.retired": Row("第 {number} 版已停用。", "Release {number} was retired."),
}
