"""票据号码段 in the book: rolls of pre-printed forms, and how each form was used."""

from msgspec import Struct
from msgspec.structs import asdict

from gongji.store import rows
from gongji.store.engine import Connection


class BillRoll(Struct, frozen=True, kw_only=True):
    """A roll or box of forms: its code (票据代码), first and last number, `prefix` and `width` as printed."""

    id: int
    code: str
    prefix: str
    width: int
    first_number: int
    last_number: int
    operator: str
    at: str

    def shown(self, number: int) -> str:
        """Return a number as printed on the form."""
        return f"{self.prefix}{number:0{self.width}d}"


class NumberedForm(Struct, frozen=True, kw_only=True):
    """A form that was printed on (`settlement` is a serial) or 作废; `reason` says why it is void, if it is."""

    id: int
    roll: int
    number: int
    settlement: int | None
    operator: str
    at: str
    reason: str
    voided_by: str
    voided_at: str


def in_use(connection: Connection) -> BillRoll | None:
    """Return the roll in use: the newest."""
    return rows.first(connection, BillRoll, "FROM bill_roll ORDER BY id DESC LIMIT 1")


def roll(connection: Connection, number: int) -> BillRoll:
    """Return a roll by its id."""
    return rows.select(connection, BillRoll, "FROM bill_roll WHERE id = ?", (number,))[0]


def overlapping(connection: Connection, code: str, prefix: str, first: int, last: int) -> BillRoll | None:
    """Return a roll that already contains some of these numbers."""
    shared = "FROM bill_roll WHERE code = ? AND prefix = ? AND first_number <= ? AND last_number >= ?"
    return rows.first(connection, BillRoll, shared, (code, prefix, last, first))


def put_roll(connection: Connection, one: BillRoll) -> None:
    """Put a roll into use; its id is given by the book."""
    rows.insert(connection, "bill_roll", {name: value for name, value in asdict(one).items() if name != "id"})


def next_number(connection: Connection, one: BillRoll) -> int:
    """Return the next number of a roll; above its last where it is used up."""
    highest = rows.value(connection, "SELECT max(number) FROM bill WHERE roll = ?", (one.id,))
    return one.first_number if highest is None else int(highest) + 1


def put(connection: Connection, roll_id: int, number: int, settlement: int | None, operator: str, at: str) -> int:
    """Record that a form was printed on, or (without settlement) removed unprinted; return its id."""
    row = {"roll": roll_id, "number": number, "settlement": settlement, "operator": operator, "at": at}
    return rows.insert(connection, "bill", row)


def put_void(connection: Connection, bill: int, reason: str, operator: str, at: str) -> None:
    """Record that a form is void."""
    connection.execute("INSERT INTO bill_void VALUES (?, ?, ?, ?)", (bill, reason, operator, at))


def find(connection: Connection, roll_id: int, number: int) -> NumberedForm | None:
    """Return how a form was used; None while it is blank."""
    return next(iter(_bills(connection, "WHERE bill.roll = ? AND bill.number = ?", roll_id, number)), None)


def of_settlement(connection: Connection, serial: int) -> list[NumberedForm]:
    """Return the forms that a settlement is printed on and that are not void."""
    return [one for one in _bills(connection, "WHERE bill.settlement = ?", serial) if not one.reason]


def between(connection: Connection, after: str, until: str, operator: str | None) -> list[NumberedForm]:
    """Return the forms used or voided after one moment and up to another (stamps), by one operator if named."""
    return _bills(
        connection,
        "WHERE ((bill.at > ?1 AND bill.at <= ?2 AND (?3 IS NULL OR bill.operator = ?3)) "
        "OR (bill_void.at > ?1 AND bill_void.at <= ?2 AND (?3 IS NULL OR bill_void.operator = ?3)))",
        after,
        until,
        operator,
    )


def _bills(connection: Connection, condition: str, *values: object) -> list[NumberedForm]:
    found = connection.execute(
        "SELECT bill.id, roll, number, settlement, bill.operator, bill.at, coalesce(reason, ''), "  # noqa: S608  # ours
        "coalesce(bill_void.operator, ''), coalesce(bill_void.at, '') "
        f"FROM bill LEFT JOIN bill_void ON bill_void.bill = bill.id {condition} ORDER BY bill.id",
        values,
    )
    return rows.records(NumberedForm, found)
