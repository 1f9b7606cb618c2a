"""What the states and kinds on the pages of procedures are called."""

from __future__ import annotations

from flask_babel import gettext as _

from engine.releases.queries import ReleaseRow


def status(row: ReleaseRow) -> tuple[str, str]:
    """Return the state of a release in words, and the colour of its tag."""
    found: dict[str, tuple[str, str]] = {
        "draft": (_("草稿"), ""),
        "submitted": (_("审查中"), "orange"),
        "approved": (_("审查通过"), "blue"),
        "active": (_("施行中"), "green"),
        "retired": (_("已停用"), ""),
        "rejected": (_("已退回"), "red"),
    }
    return found.get(row.status, (row.status, ""))


def decision_kind(kind: str) -> str:
    """Return what people call a kind of decision."""
    names = {
        "decisionTable": _("决策表"),
        "literalExpression": _("表达式"),
        "decisionService": _("决策服务"),
        "context": _("上下文"),
        "invocation": _("调用"),
        "list": _("列表"),
        "relation": _("关系表"),
        "conditional": _("条件"),
    }
    return names.get(kind, kind)


def clause_kind(kind: str) -> str:
    """Return what kind of sentence a clause is (`clauses.csv`, column kind)."""
    names = {
        "ROLE": _("职责"),
        "DEF": _("定义"),
        "CHAN": _("渠道"),
        "STEP": _("步骤"),
        "FORM": _("表单"),
        "RULE": _("规则"),
        "TIME": _("时限"),
        "APPR": _("审批"),
        "NOTIFY": _("告知"),
        "KPI": _("考核"),
        "PROH": _("禁止"),
        "PEN": _("问责"),
        "ARCH": _("归档"),
        "REV": _("改进"),
        "GUIDE": _("指引"),
        "REF": _("参考资料"),
        "BG": _("背景"),
    }
    return names.get(kind, kind)


def support(kind: str) -> str:
    """Return how a clause is carried out (`clauses.csv`, column support)."""
    names = {
        "element": _("流程步骤"),
        "rule": _("决策规则"),
        "form": _("表单字段"),
        "report": _("报表"),
        "guidance": _("办理提示"),
        "reference": _("参考资料"),
        "background": _("背景"),
    }
    return names.get(kind, kind)
