from datetime import datetime, date, timedelta, time, timezone
d = datetime(2024, 2, 28, 23, 59, 30)
print(d, repr(d), d + timedelta(days=2), d - timedelta(hours=1, minutes=5), d.isoformat(), d.date(), d.time(), d.year, d.weekday(), d.isoweekday(), d.strftime("%Y-%m-%d %H:%M:%S %A %B %j %a %b %d %I %p %y %U %%"))
print(date(2024, 12, 25) - date(2024, 1, 1), (date(2024, 12, 25) - date(2024, 1, 1)).days, date(2024, 1, 31).replace(month=3), date.fromisoformat("2024-05-06"), datetime.fromisoformat("2024-05-06T07:08:09"), datetime.strptime("09.03.2024 14:30", "%d.%m.%Y %H:%M"), date(2024, 3, 1) > date(2024, 2, 1))
t = timedelta(days=1, seconds=3700, microseconds=5); print(t, repr(t), t.total_seconds(), t * 2, -t, t / 2, timedelta(hours=25), timedelta(minutes=90) // timedelta(hours=1), timedelta(0), timedelta(days=-1), abs(timedelta(-1)))
u = datetime(2024, 1, 1, 12, tzinfo=timezone.utc); print(u, repr(u), u.isoformat(), u.timestamp(), u.astimezone(timezone(timedelta(hours=2))), datetime.fromtimestamp(0, timezone.utc), u.tzinfo)
print(time(9, 5), time(9, 5, 1).strftime("%H-%M"), d.replace(hour=1), d.timetuple()[:6], date.min, datetime.max, d.isocalendar()[1], d.ctime(), date(2000, 2, 29).toordinal(), date.fromordinal(730000), d == datetime(2024, 2, 28, 23, 59, 30))
for f in (lambda: date(2023, 2, 29), lambda: datetime(2024, 13, 1), lambda: datetime.strptime("x", "%Y"), lambda: d < date(2024, 1, 1), lambda: date.fromisoformat("nope"), lambda: d - u):
    try: f()
    except (ValueError, TypeError) as e: print(type(e).__name__, e)
print({d: 1}[datetime(2024, 2, 28, 23, 59, 30)], sorted([date(2024, 2, 1), date(2023, 1, 1)]), f"{d:%H:%M}", str(date(2024, 1, 2)), timedelta(milliseconds=1500), isinstance(datetime.now(), date), (datetime.now() - datetime.now()) < timedelta(seconds=1))
