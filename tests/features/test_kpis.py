import re

from features import kpis


def figures(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def test_both_languages_state_the_same_formula():
    for kpi in kpis.KPIS:
        assert kpi.formula != kpi.formula_fr
        assert figures(kpi.formula) == figures(kpi.formula_fr), kpi.kpi
        assert figures(kpi.source) == figures(kpi.source_fr), kpi.kpi
        for sign in "/(+×":
            assert kpi.formula.count(sign) == kpi.formula_fr.count(sign), kpi.kpi


def test_french_formulas_have_their_spaces():
    for kpi in kpis.KPIS:
        for text in (kpi.name_fr, kpi.formula_fr, kpi.source_fr):
            assert not re.search(r"\w[;!?%]| [;!?%:](\s|$)|'", text), text
