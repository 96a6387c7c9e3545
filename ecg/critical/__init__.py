"""Critical values: a site's rules tested on an ECG, recorded or live.

A hit reads "possible critical value, please read" and is never a diagnosis; no hit reads "no hit among the
rules tested" and never "normal". What could not be tested says why, and what no signal can show is left to a
person. The rules are data (`zhejiang.toml`); how each is tested is code, one file a kind of test.
"""
