"""A further edition of a shipped policy, with figures changed and a worked case in its own days."""

from gongji.files import resource_folder

PINGLIANG = "620800"
_TEXT = next((resource_folder() / "policies" / PINGLIANG).glob("*.toml")).read_text(encoding="utf-8")


def following(starts: str, *changes: tuple[str, str]) -> str:
    """Return a further edition of 平凉 that takes over on a day, its worked cases in its own days."""
    year = starts[:4]
    text = _TEXT.replace("starts = 2023-01-01", f"starts = {starts}\nsupersedes = true", 1)
    text = text.replace("ends = 2027-12-31", f"ends = {int(year) + 5}-12-31", 1)
    head, _, _ = text.partition("[[case]]")
    for old, new in changes:
        assert head.count(old) == 1, old
        head = head.replace(old, new)
    return head + CASE.replace("YEAR", str(int(year) + 1))


CASE = """[[case]]
name = "在职一级：(300 − 100) × 65% = 130.00"
visit = '''{"visit_no": "1", "area": "620800", "settled_on": "YEAR-03-01",
 "institution": {"id": "H1", "type": "clinic", "level": "1"}, "person": {"id": "P1", "status": "employed"},
 "lines": [{"code": "D1", "category": "drug", "class": "A", "unit_price": "300", "quantity": "1"}]}'''
expect = { deductible = "100.00", fund = "130.00", patient = "170.00" }
"""
LOWER = ('amount = [{ yuan = "200" }]', 'amount = [{ yuan = "100" }]')
