"""Votes in, opinion map out: who answers alike, what they agree on, what divides them, what to ask next.

`votes` is what goes in, `classic.opinion_of` computes, `result` is what comes out. Nothing here knows Django, the
clock or chance without a seed. Method, formulas and their source: docs/engines-opinion.md.
"""
