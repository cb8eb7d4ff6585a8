def inner(x):
    return 10 / x

def outer(values):
    for v in values:
        print(inner(v))

outer([5, 2, 0])
