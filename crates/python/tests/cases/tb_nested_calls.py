class A:
    def run(self, n):
        return [self.step(i)
                for i in range(n)]
    def step(self, i):
        return {"a": 1}["b" if i == 2 else "a"]

def go():
    a = A()
    x = (a.run(1) + a.run(3))
    return x

if __name__ == "__main__":
    print("start")
    go()
