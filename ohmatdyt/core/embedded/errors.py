"""Why the embedded PostgreSQL could not be had: one sentence for an administrator, in Ukrainian."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot work; the text says why and what to do."""


class DataDirBusyError(EmbeddedError):
    """Another living process owns the data folder."""
