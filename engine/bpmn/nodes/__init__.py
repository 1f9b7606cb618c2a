"""Our node kinds, one per file: what a kind does when a token arrives, when it runs, and which ways it takes.

They are subclasses of SpiffWorkflow's task specs, hold no state of a case and are shared by all cases of a release.
Whatever concerns a case (variables, keys, effects) they ask of the token's `Mover`.
"""
