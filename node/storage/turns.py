"""What no two processes over one database do at the same time."""

from enum import IntEnum


class Turn(IntEnum):
    """The numbers are those of PostgreSQL's advisory locks; all versions of the program must agree about them."""

    DECIDE = 1  # read, decide, store
    CLAIM = 2  # take from the journal
    APPEND = 3  # add to the journal: two who add the same things in another order would wait for each other
    CLOCKS = 4  # let happen what is due
    CATCH_UP = 5  # read what a newly followed community showed before
    BACK_UP = 6  # make the day's backups
