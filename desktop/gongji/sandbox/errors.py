"""业务拒绝: what the payer says no to, in its own words."""


class RefusedError(Exception):
    """The message was read and will not be done; the text is what `err_msg` says."""
