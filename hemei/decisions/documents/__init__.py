"""The papers of this room, as sheets of `shell.pdf`: what is asked, told and signed on paper.

Every function takes what a query has found for its viewer and says nothing that was not decided there. `site` is the
address of this house, as "https://example.org"; a code on paper leads to it.
"""
