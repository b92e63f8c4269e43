"""What comes into the cases domain and what goes out."""

from ohmatdyt.cases.schemas.attachments import AttachmentOut, Attachments
from ohmatdyt.cases.schemas.filters import CaseFilters, CaseListQuery, CommentsQuery, OrderBy, Scope
from ohmatdyt.cases.schemas.incoming import (
    Assignment,
    AttachmentForm,
    CaseForm,
    CasePatch,
    CaseReference,
    NewComment,
    StatusChange,
)
from ohmatdyt.cases.schemas.outgoing import CaseCard, CasePage, CaseRow, CommentOut, Comments

__all__ = [
    "Assignment",
    "AttachmentForm",
    "AttachmentOut",
    "Attachments",
    "CaseCard",
    "CaseFilters",
    "CaseForm",
    "CaseListQuery",
    "CasePage",
    "CasePatch",
    "CaseReference",
    "CaseRow",
    "CommentOut",
    "Comments",
    "CommentsQuery",
    "NewComment",
    "OrderBy",
    "Scope",
    "StatusChange",
]
