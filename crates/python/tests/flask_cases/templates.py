from flask import Flask, render_template_string, render_template

app = Flask(__name__)


class Item:
    def __init__(self, name, price):
        self.name, self.price = name, price

    def total(self, n):
        return self.price * n


CASES = [
    "{% if a and not b %}yes{% elif c == 3 %}three{% else %}no{% endif %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for i in range(3) %}{{ loop.index0 }}{{ loop.first }}{{ loop.length }}{{ loop.cycle('x', 'y') }} {% endfor %}",
    "{{ item.name }} {{ item.total(3) }} {{ item['name'] }} {{ missing }} {{ d.x }} {{ l[0] }} {{ l[-1] }} {{ l[1:] }}",
    "{{ 'a' ~ 1 }} {{ 7 // 2 }} {{ 7 % 3 }} {{ 2 ** 3 }} {{ 1 + 2 * 3 }} {{ (1, 2) }} {{ [1, 'x'] }} {{ {'a': 1} }} {{ 'in' if 1 in l else 'out' }} {{ none }} {{ true }}",
    "{{ s|title }} {{ s|capitalize }} {{ s|upper }} {{ s|replace('o', '0') }} {{ s|truncate(8) }} {{ s|length }} {{ l|first }} {{ l|last }} {{ l|sum }} {{ l|sort(reverse=true) }} {{ l|max }} {{ l|reverse|list }} {{ '  x '|trim }} {{ 5|string }} {{ '5'|int + 1 }} {{ 2.7|int }} {{ d|tojson }}",
    "{{ '<a href=\"x\">'|e }} {{ html }} {{ html|safe }} {{ html|striptags }} {{ 'a\nb'|replace('\n', '<br>') }} {{ l|map('string')|join(', ') }} {{ items|map(attribute='name')|join('/') }} {{ items|selectattr('price', 'gt', 2)|list|length }} {{ l|select('odd')|list }} {{ items|sum(attribute='price') }}",
    "{% macro m(x, y=2) %}[{{ x }},{{ y }}]{% endmacro %}{{ m(1) }}{{ m(1, y=5) }}",
    "{% set x = 1 %}{% set y %}block{% endset %}{{ x }}{{ y }} {%- if true -%}  trimmed  {%- endif -%} end",
    "{% raw %}{{ raw }}{% endraw %}{# c #}|{{ '%.2f'|format(3.14159) }}|{{ 1234567|filesizeformat if false else 'f' }}|{{ x is defined }} {{ a is none }} {{ 4 is even }} {{ s is string }} {{ 3 is divisibleby 3 }} {{ l is iterable }}",
    "{% for i in [] %}x{% else %}empty{% endfor %}{% for i in l if i > 1 %}{{ i }}{% endfor %}{% with z = 9 %}{{ z }}{% endwith %}{% filter upper %}abc{% endfilter %}",
    "line1\n{% if true %}\nline2\n{% endif %}\nline3\n",
    "{{ d.get('k', 'def') }} {{ s.split(' ')|join('+') }} {{ s.upper() }} {{ 'x' * 3 }} {{ l|length > 2 and 'big' }} {{ not a }} {{ a == 1 != false }} {{ -5|abs }} {{ l|batch(2)|list }} {{ 'abc'|list }} {{ 'a b'|urlencode }} {{ d|dictsort }} {{ l|unique|list }} {{ s|wordcount }} {{ 'x'|center(5) }}|{{ items|groupby('price')|length }}",
]
with app.test_request_context("/"):
    for t in CASES:
        try:
            print(render_template_string(t, a=1, b=0, c=3, d={"k": "v", "a": 1}, l=[3, 1, 2], s="hello world foo", item=Item("pen", 2), items=[Item("a", 1), Item("b", 5)], html="<b>bold</b>"))
        except Exception as e:
            print(type(e).__name__, e)
    for bad in ("{{ a", "{% if %}", "{% for x in %}", "{{ 1 | nofilter }}", "{% endif %}", "{{ x.y.z }}", "{% bogus %}", "{{ 1/0 }}"):
        try:
            print(render_template_string(bad))
        except Exception as e:
            print(type(e).__name__, e)
    try:
        render_template("nope.html")
    except Exception as e:
        print(type(e).__name__, e)
