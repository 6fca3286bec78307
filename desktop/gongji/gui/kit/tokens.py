"""Colours and sizes, each in one place. Everything the window draws takes them from here."""

INK = "#1f2a33"
MUTED = "#5e6b76"
HAIRLINE = "#dfe4e8"
FIELD_LINE = "#b9c4cb"
GROUND = "#f4f6f7"
CARD = "#ffffff"
STRIPE = "#eceff1"
NAVIGATION = "#16343a"
NAVIGATION_TEXT = "#cfdcde"
NAVIGATION_HOVER = "#1f4349"
ACCENT = "#0f6b6b"
ACCENT_DARK = "#0b5555"
ACCENT_SOFT = "#81b8b5"
TINT = "#e3f1f0"
SECOND = "#9a5b00"
SECOND_TINT = "#fbf1e0"
ATTENTION = "#b3261e"
ATTENTION_TINT = "#fbe9e7"
ON_DARK = "#ffffff"
DISABLED = "#6b7780"
DISABLED_GROUND = "#e4e8eb"

FAMILY = "Noto Sans SC"
BODY = 14
LABEL = 13
NOTE = 12
HEADING = 16
FIGURE = 18
NAME = 22
CHANGE = 24
DUE = 44

STEP = 4
"""Spacing comes in steps of this."""
GAP = 3 * STEP
EDGE = 4 * STEP
RADIUS = 8
FIELD_RADIUS = 5
ROW = 34
ROW_OF_TWO = 50
SUGGESTION = 30
FIELD = 38
NAVIGATION_WIDTH = 118
NAVIGATION_NARROW = 84
HEADER = 44
KEY_BAR = 34
PANEL_WIDTH = 388
