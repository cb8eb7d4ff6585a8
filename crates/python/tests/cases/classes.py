class Animal:
    count = 0
    def __init__(self, name):
        self.name = name
        Animal.count += 1
    def speak(self):
        raise NotImplementedError("subclass")
    def __str__(self):
        return f"{type(self).__name__}({self.name})"
    @classmethod
    def make(cls, name): return cls(name)
    @staticmethod
    def kind(): return "animal"
class Dog(Animal):
    def __init__(self, name, breed):
        super().__init__(name)
        self.breed = breed
    def speak(self): return "Wuff"
    def __repr__(self): return f"Dog({self.name!r}, {self.breed!r})"
d = Dog("Rex", "Pudel")
print(d, repr(d), [d], d.speak(), Animal.count, Dog.kind(), d.kind(), Animal.make("x"))
print(isinstance(d, Animal), issubclass(Dog, Animal), Dog.__mro__, Dog.__bases__, d.__dict__)
print(hasattr(d, "name"), getattr(d, "zzz", 5), vars(d))
setattr(d, "age", 3); print(d.age); del d.age
try:
    d.age
except AttributeError as e:
    print(e)
try:
    Animal("y").speak()
except NotImplementedError as e:
    print(repr(e))
class A:
    def f(self): return "A"
class B(A):
    def f(self): return "B" + super().f()
class C(A):
    def f(self): return "C" + super().f()
class D(B, C):
    def f(self): return "D" + super().f()
print(D().f(), [c.__name__ for c in D.mro()])
try:
    class X(A, B): pass
except TypeError as e:
    print(e)
try:
    A(1)
except TypeError as e:
    print(e)
try:
    Dog("a")
except TypeError as e:
    print(e)
print(type("Dyn", (A,), {"v": 1})().v, type(d), Dog, type(A().f))
class P:
    __private = 1
    def get(self): return self.__private
print(P().get(), P._P__private)
class Slots:
    __slots__ = ("a", "b")
s = Slots(); s.a = 1
try:
    s.c = 1
except AttributeError as e:
    print(e)
class Meta(type):
    def __new__(m, name, bases, ns):
        c = super().__new__(m, name, bases, ns)
        c.made = True
        return c
class M(metaclass=Meta): pass
print(M.made, type(M))
class Base:
    subs = []
    def __init_subclass__(cls, **kw):
        Base.subs.append((cls.__name__, kw))
class S1(Base, tag=1): pass
print(Base.subs)
print(A.__subclasses__() == [B, C], A.__name__, A.__module__, A.__qualname__, A.__doc__)
class Single:
    _i = None
    def __new__(cls):
        if cls._i is None:
            cls._i = super().__new__(cls)
        return cls._i
print(Single() is Single())
