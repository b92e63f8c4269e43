"""PostgreSQL inside the data folder: started, guarded and stopped by this program, no installation needed."""

from ohmatdyt.core.embedded.errors import DataDirBusyError, EmbeddedError
from ohmatdyt.core.embedded.lock import DataDirLock
from ohmatdyt.core.embedded.server import DATABASE, EmbeddedPostgres, as_application, borrowed

__all__ = [
    "DATABASE",
    "DataDirBusyError",
    "DataDirLock",
    "EmbeddedError",
    "EmbeddedPostgres",
    "as_application",
    "borrowed",
]
