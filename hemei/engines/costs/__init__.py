"""Homes and costs in, shares out: who pays what for a lift.

`plan` is what goes in, `share.share` computes, `answer` is what comes out. Nothing here knows Django, the clock or
chance. Method, formulas and their source: docs/engines-costs.md.
"""
