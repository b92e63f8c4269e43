"""Finding words in Ukrainian texts: what is kept of a text, what a query asks for, and where it was found.

Texts are reduced to one plain term for each word (`stems.term`), the same on every server. All knowledge of word forms
is used when asking: a query's word becomes the terms of all its forms (docs/adr/0016). So better knowledge, or the
optional dictionary, takes effect at once and never needs the texts to be read again.
"""
