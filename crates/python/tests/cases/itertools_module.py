import itertools as it
print(list(it.chain([1], [2, 3])), list(it.chain.from_iterable(["ab", "c"])), list(it.combinations("abc", 2)), list(it.permutations([1, 2, 3], 2)), list(it.product("ab", [1, 2])), list(it.product([0, 1], repeat=2)), list(it.combinations_with_replacement("ab", 2)))
print(list(it.accumulate([1, 2, 3])), list(it.accumulate([1, 2, 3], lambda a, b: a * b)), list(it.islice(it.cycle("ab"), 5)), list(it.repeat("x", 2)), list(it.zip_longest([1, 2], "a", fillvalue="-")), list(it.dropwhile(lambda x: x < 3, [1, 5, 2])), list(it.takewhile(lambda x: x < 3, [1, 5, 2])), list(it.starmap(pow, [(2, 3)])), list(it.compress("abc", [1, 0, 1])), list(it.filterfalse(lambda x: x % 2, range(5))))
print([(k, list(g)) for k, g in it.groupby("aabbc")], [(k, [x for x in g]) for k, g in it.groupby([1, 3, 2, 4], key=lambda x: x % 2)], list(it.pairwise([1, 2, 3])), list(it.islice(range(10), 2, 8, 3)))
a, b = it.tee([1, 2]); print(list(a), list(b)); c = it.count(1, 0.5); print(next(c), next(c))
