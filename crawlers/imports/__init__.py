"""What people bring themselves: platforms' exports, browser collections, letters. Pure readers.

Bytes go in, records and the lines that could not be read come out; no clock, no network, no
store. One file a source: a new kind of export is one more `Family`.
"""
