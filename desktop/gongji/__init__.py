"""Gongji (共济结算台): settles outpatient visits under employees' medical insurance, offline and to the fen."""

__version__ = "0.1.0"
