"""This room's part of the clock's round: what opens or closes is told, maps follow the votes, old files go."""

from datetime import datetime

from hemei.consultations import folders, maps, rounds


def round(at: datetime) -> None:
    try:
        rounds.round(at)
    finally:
        maps.round(at)
    folders.sweep(at)
