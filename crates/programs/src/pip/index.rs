//! The simulated package index: real projects with their releases, dependencies and sizes, as PyPI had
//! them in November 2026. Dependencies for other systems or older Pythons are left out.

use super::resolve::{Project, Release};

/// A release's facts, valid from a version on.
const fn from(since: &'static str, tag: &'static str, sizes: [u64; 4], requires: &'static [&'static str]) -> Release {
    let [wheel, metadata, installed, source] = sizes;
    Release { since, tag, wheel, metadata, installed, source, requires }
}

/// All projects, by normalized name.
#[rustfmt::skip]
pub(crate) const PROJECTS: &[Project] = &[
    Project {
        name: "annotated-doc",
        summary: "Document parameters, class attributes, return types, and variables inline, with Annotated.",
        top_level: &["annotated_doc"],
        versions: "0.0.7",
        releases: &[
            from("0", "py3-none-any", [5286, 6449, 9448, 1127], &[]),
        ],
    },
    Project {
        name: "annotated-types",
        summary: "Reusable constraint types to use with typing.Annotated",
        top_level: &["annotated_types"],
        versions: "0.8.0",
        releases: &[
            from("0", "py3-none-any", [13427, 15009, 36347, 19583], &[]),
        ],
    },
    Project {
        name: "anyio",
        summary: "High-level concurrency and networking framework on top of asyncio or Trio",
        top_level: &["anyio"],
        versions: "4.16.0",
        releases: &[
            from("0", "py3-none-any", [134521, 4733, 553035, 542835], &["idna>=2.8", "typing_extensions>=4.16.0"]),
        ],
    },
    Project {
        name: "asgiref",
        summary: "ASGI specs, helper code, and adapters",
        top_level: &["asgiref"],
        versions: "3.13.0",
        releases: &[
            from("0", "py3-none-any", [27593, 12324, 84443, 69236], &[]),
        ],
    },
    Project {
        name: "beautifulsoup4",
        summary: "Screen-scraping library",
        top_level: &["bs4"],
        versions: "4.15.0",
        releases: &[
            from("0", "py3-none-any", [109924, 3812, 406491, 397324], &["soupsieve>=1.6.1", "typing-extensions>=4.0.0"]),
        ],
    },
    Project {
        name: "blinker",
        summary: "Fast, simple object-to-object and broadcast signaling",
        top_level: &["blinker"],
        versions: "1.6.2 1.7.0 1.8.2 1.9.0",
        releases: &[
            from("0", "py3-none-any", [8458, 1633, 24729, 21124], &[]),
        ],
    },
    Project {
        name: "certifi",
        summary: "Python package for providing Mozilla's CA Bundle.",
        top_level: &["certifi"],
        versions: "2024.8.30 2026.10.18",
        releases: &[
            from("0", "py3-none-any", [134093, 2526, 242834, 4198], &[]),
        ],
    },
    Project {
        name: "charset-normalizer",
        summary: "The Real First Universal Charset Detector. Open, modern and actively maintained alternative to Chardet.",
        top_level: &["charset_normalizer"],
        versions: "3.3.2 3.4.0 3.5.2",
        releases: &[
            from("0", "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64", [269972, 46395, 782449, 192034], &[]),
        ],
    },
    Project {
        name: "click",
        summary: "Composable command line interface toolkit",
        top_level: &["click"],
        versions: "0.1 0.2 0.3 0.4 0.5 0.5.1 0.6 0.7 1.0 1.1 2.0 2.1 2.2 2.3 2.4 2.5 2.6 3.0 3.1 3.2 3.3 4.0 4.1 5.0 5.1 6.0 6.1 6.2 6.3 6.4 6.5 6.6 6.7 7.0 7.1 7.1.1 7.1.2 8.0.0 8.0.1 8.0.2 8.0.3 8.0.4 8.1.0 8.1.1 8.1.2 8.1.3 8.1.4 8.1.5 8.1.6 8.1.7 8.1.8 8.2.0 8.2.1 8.3.0 8.3.1 8.3.2 8.3.3 8.4.0 8.4.1 8.4.2 8.5.0 8.5.1",
        releases: &[
            from("0", "py3-none-any", [126200, 2600, 450737, 444075], &[]),
        ],
    },
    Project {
        name: "contourpy",
        summary: "Python library for calculating contours of 2D quadrilateral grids",
        top_level: &["contourpy"],
        versions: "1.3.3",
        releases: &[
            from("0", "cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64", [355238, 5500, 900000, 100000], &["numpy>=1.25"]),
        ],
    },
    Project {
        name: "cycler",
        summary: "Composable style cycles",
        top_level: &["cycler"],
        versions: "0.12.1",
        releases: &[
            from("0", "py3-none-any", [8321, 3800, 20000, 16000], &[]),
        ],
    },
    Project {
        name: "Django",
        summary: "A high-level Python web framework that encourages rapid development and clean, pragmatic design.",
        top_level: &["django"],
        versions: "4.2.16 5.0.9 5.1.4 5.2.19",
        releases: &[
            from("0", "py3-none-any", [8319631, 4138, 23422204, 5691290], &["asgiref>=3.8.1", "sqlparse>=0.3.1", "argon2-cffi>=19.1.0; extra == 'argon2'", "bcrypt; extra == 'bcrypt'"]),
        ],
    },
    Project {
        name: "dnspython",
        summary: "DNS toolkit",
        top_level: &["dns"],
        versions: "2.9.2",
        releases: &[
            from("0", "py3-none-any", [360455, 5786, 1188655, 1168554], &[]),
        ],
    },
    Project {
        name: "fastapi",
        summary: "FastAPI framework, high performance, easy to learn, fast to code, ready for production",
        top_level: &["fastapi"],
        versions: "0.115.0 0.115.6 0.165.0",
        releases: &[
            from("0", "py3-none-any", [159475, 27582, 944707, 878393], &["starlette>=1.6.0", "anyio>=4.1.0", "pydantic>=2.9.0", "typing-extensions>=4.8.0", "typing-inspection>=0.4.2", "annotated-doc>=0.0.2", "opentelemetry-api>=1.44.0", "opentelemetry-sdk>=1.44.0; extra == 'standard'", "opentelemetry-exporter-otlp-proto-http>=1.44.0; extra == 'standard'", "fastapi-cli[standard]>=0.0.32; extra == 'standard'", "fastar>=0.9.0; extra == 'standard'", "httpx<1.0.0,>=0.23.0; extra == 'standard'", "httpx2>=2.0.0; extra == 'standard'", "jinja2>=3.1.5; extra == 'standard'", "python-multipart>=0.0.18; extra == 'standard'", "email-validator>=2.0.0; extra == 'standard'", "uvicorn[standard]>=0.12.0; extra == 'standard'", "pydantic-settings>=2.0.0; extra == 'standard'", "pydantic-extra-types>=2.0.0; extra == 'standard'"]),
        ],
    },
    Project {
        name: "Flask",
        summary: "A simple framework for building complex web applications.",
        top_level: &["flask"],
        versions: "0.1 0.2 0.3 0.3.1 0.4 0.5 0.5.1 0.5.2 0.6 0.6.1 0.7 0.7.1 0.7.2 0.8 0.8.1 0.9 0.10 0.10.1 0.11 0.11.1 0.12 0.12.1 0.12.2 0.12.3 0.12.4 0.12.5 1.0 1.0.1 1.0.2 1.0.3 1.0.4 1.1.0 1.1.1 1.1.2 1.1.3 1.1.4 2.0.0 2.0.1 2.0.2 2.0.3 2.1.0 2.1.1 2.1.2 2.1.3 2.2.0 2.2.1 2.2.2 2.2.3 2.2.4 2.2.5 2.3.0 2.3.1 2.3.2 2.3.3 3.0.0 3.0.1 3.0.2 3.0.3 3.1.0 3.1.1 3.1.2 3.1.3",
        releases: &[
            from("0", "py3-none-any", [101500, 3167, 338354, 331168], &["Werkzeug>=2.0", "Jinja2>=3.0", "itsdangerous>=2.0", "click>=8.0"]),
            from("2.3.0", "py3-none-any", [96100, 3167, 320353, 313549], &["Werkzeug>=2.3.3", "Jinja2>=3.1.2", "itsdangerous>=2.1.2", "click>=8.1.3", "blinker>=1.6.2"]),
            from("3.0.0", "py3-none-any", [101703, 3167, 339030, 331830], &["Werkzeug>=3.0.0", "Jinja2>=3.1.2", "itsdangerous>=2.1.2", "click>=8.1.3", "blinker>=1.6.2"]),
            from("3.1.0", "py3-none-any", [103424, 3167, 344768, 337446], &["blinker>=1.9.0", "click>=8.1.3", "itsdangerous>=2.2.0", "jinja2>=3.1.2", "markupsafe>=2.1.1", "werkzeug>=3.1.0", "asgiref>=3.2; extra == 'async'", "python-dotenv; extra == 'dotenv'"]),
        ],
    },
    Project {
        name: "flask-cors",
        summary: "A Flask extension simplifying CORS support",
        top_level: &["flask_cors"],
        versions: "4.0.0 5.0.0 6.0.5",
        releases: &[
            from("0", "py3-none-any", [16692, 5392, 44473, 38282], &["flask>=0.9", "Werkzeug>=0.7"]),
        ],
    },
    Project {
        name: "Flask-SQLAlchemy",
        summary: "Add SQLAlchemy support to your Flask application.",
        top_level: &["flask_sqlalchemy"],
        versions: "3.0.5 3.1.1",
        releases: &[
            from("0", "py3-none-any", [25125, 3432, 82542, 76286], &["flask>=2.2.5", "sqlalchemy>=2.0.16"]),
        ],
    },
    Project {
        name: "fonttools",
        summary: "Tools to manipulate font files",
        top_level: &["fontTools"],
        versions: "4.60.1",
        releases: &[
            from("0", "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64", [5000000, 112000, 17000000, 5500000], &[]),
        ],
    },
    Project {
        name: "gunicorn",
        summary: "WSGI HTTP Server for UNIX",
        top_level: &["gunicorn"],
        versions: "0.1 0.2 0.2.1 0.3 0.3.1 0.3.2 0.4 0.4.1 0.4.2 0.5 0.5.1 0.6 0.6.1 0.6.2 0.6.3 0.6.4 0.6.5 0.6.6 0.7.0 0.7.1 0.7.2 0.8.0 0.8.1 0.9.0 0.9.1 0.10.0 0.10.1 0.11.0 0.11.1 0.11.2 0.12.0 0.12.1 0.12.2 0.13.0 0.13.1 0.13.2 0.13.3 0.13.4 0.14.0 0.14.1 0.14.2 0.14.3 0.14.4 0.14.5 0.14.6 0.15.0 0.16.0 0.16.1 0.17.0 0.17.1 0.17.2 0.17.3 0.17.4 17.5 18.0 19.0.0 19.1.0 19.1.1 19.2.0 19.2.1 19.3.0 19.4.0 19.4.1 19.4.2 19.4.3 19.4.4 19.4.5 19.5.0 19.6.0 19.7.0 19.7.1 19.8.0 19.8.1 19.9.0 19.10.0 20.0.0 20.0.2 20.0.3 20.0.4 20.1.0 21.0.0 21.0.1 21.1.0 21.2.0 22.0.0 23.0.0 24.0.0 24.1.0 24.1.1 25.0.0 25.0.1 25.0.2 25.0.3 25.1.0 25.2.0 25.3.0 26.0.0 26.1.0 26.2.0 27.0.0 27.0.1",
        releases: &[
            from("0", "py3-none-any", [79500, 5590, 287681, 283717], &["setuptools>=3.0"]),
            from("21.0.0", "py3-none-any", [84700, 5590, 306498, 302275], &["packaging"]),
            from("25.0.0", "py3-none-any", [263696, 5590, 954219, 941072], &[]),
        ],
    },
    Project {
        name: "h11",
        summary: "A pure-Python, bring-your-own-I/O implementation of HTTP/1.1",
        top_level: &["h11"],
        versions: "0.16.0",
        releases: &[
            from("0", "py3-none-any", [37515, 8348, 103935, 93117], &[]),
        ],
    },
    Project {
        name: "httpcore",
        summary: "A minimal low-level HTTP client.",
        top_level: &["httpcore"],
        versions: "1.0.9",
        releases: &[
            from("0", "py3-none-any", [78784, 21529, 288016, 261935], &["certifi", "h11>=0.16", "socksio==1.*; extra == 'socks'"]),
        ],
    },
    Project {
        name: "httpx",
        summary: "The next generation HTTP client.",
        top_level: &["httpx"],
        versions: "0.28.1",
        releases: &[
            from("0", "py3-none-any", [73517, 7052, 295303, 284396], &["anyio", "certifi", "httpcore==1.*", "idna", "socksio==1.*; extra == 'socks'"]),
        ],
    },
    Project {
        name: "idna",
        summary: "Internationalized Domain Names in Applications (IDNA)",
        top_level: &["idna"],
        versions: "3.7 3.10 3.20",
        releases: &[
            from("0", "py3-none-any", [69583, 7207, 342091, 332039], &[]),
        ],
    },
    Project {
        name: "iniconfig",
        summary: "brain-dead simple config-ini parsing",
        top_level: &["iniconfig"],
        versions: "2.3.1",
        releases: &[
            from("0", "py3-none-any", [7552, 2826, 18341, 13529], &[]),
        ],
    },
    Project {
        name: "itsdangerous",
        summary: "Safely pass data to untrusted environments and back.",
        top_level: &["itsdangerous"],
        versions: "2.0.1 2.1.2 2.2.0",
        releases: &[
            from("0", "py3-none-any", [16234, 1924, 47379, 42346], &[]),
        ],
    },
    Project {
        name: "Jinja2",
        summary: "A very fast and expressive template engine.",
        top_level: &["jinja2"],
        versions: "3.0.3 3.1.0 3.1.2 3.1.3 3.1.4 3.1.5 3.1.6",
        releases: &[
            from("0", "py3-none-any", [134899, 2900, 498175, 490000], &["MarkupSafe>=2.0"]),
        ],
    },
    Project {
        name: "joblib",
        summary: "Lightweight pipelining with Python functions",
        top_level: &["joblib"],
        versions: "1.5.2",
        releases: &[
            from("0", "py3-none-any", [308396, 5600, 1250000, 1200000], &[]),
        ],
    },
    Project {
        name: "kiwisolver",
        summary: "A fast implementation of the Cassowary constraint solver",
        top_level: &["kiwisolver"],
        versions: "1.4.9",
        releases: &[
            from("0", "cp311-cp311-manylinux_2_12_x86_64.manylinux2010_x86_64", [1400000, 6300, 4500000, 10000], &[]),
        ],
    },
    Project {
        name: "MarkupSafe",
        summary: "Safely add untrusted strings to HTML/XML markup.",
        top_level: &["markupsafe"],
        versions: "2.0.1 2.1.1 2.1.3 2.1.5 3.0.2 3.0.4",
        releases: &[
            from("0", "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64", [22940, 2700, 67354, 15000], &[]),
        ],
    },
    Project {
        name: "matplotlib",
        summary: "Python plotting package",
        top_level: &["matplotlib", "mpl_toolkits", "pylab.py"],
        versions: "3.9.2 3.10.7",
        releases: &[
            from("0", "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64", [8700000, 11000, 29000000, 7000000], &["contourpy>=1.0.1", "cycler>=0.10", "fonttools>=4.22.0", "kiwisolver>=1.3.1", "numpy>=1.23", "packaging>=20.0", "pillow>=8", "pyparsing>=3", "python-dateutil>=2.7"]),
        ],
    },
    Project {
        name: "mysql-connector-python",
        summary: "A self-contained Python driver for communicating with MySQL servers",
        top_level: &["mysql"],
        versions: "8.4.0 9.1.0 9.5.0",
        releases: &[
            from("0", "cp311-cp311-manylinux_2_28_x86_64", [34100000, 7500, 110000000, 4500000], &[]),
        ],
    },
    Project {
        name: "numpy",
        summary: "Fundamental package for array computing in Python",
        top_level: &["numpy", "numpy.libs"],
        versions: "1.3.0 1.4.1 1.5.0 1.5.1 1.6.0 1.6.1 1.6.2 1.7.0 1.7.1 1.7.2 1.8.0 1.8.1 1.8.2 1.9.0 1.9.1 1.9.2 1.9.3 1.10.0.post2 1.10.1 1.10.2 1.10.4 1.11.0 1.11.1 1.11.2 1.11.3 1.12.0 1.12.1 1.13.0 1.13.1 1.13.3 1.14.0 1.14.1 1.14.2 1.14.3 1.14.4 1.14.5 1.14.6 1.15.0 1.15.1 1.15.2 1.15.3 1.15.4 1.16.0 1.16.1 1.16.2 1.16.3 1.16.4 1.16.5 1.16.6 1.17.0 1.17.1 1.17.2 1.17.3 1.17.4 1.17.5 1.18.0 1.18.1 1.18.2 1.18.3 1.18.4 1.18.5 1.19.0 1.19.1 1.19.2 1.19.3 1.19.4 1.19.5 1.20.0 1.20.1 1.20.2 1.20.3 1.21.0 1.21.1 1.22.0 1.22.1 1.22.2 1.22.3 1.22.4 1.23.0 1.23.1 1.23.2 1.23.3 1.23.4 1.23.5 1.24.0 1.24.1 1.24.2 1.24.3 1.24.4 1.25.0 1.25.1 1.25.2 1.26.0 1.26.1 1.26.2 1.26.3 1.26.4 2.0.0 2.0.1 2.0.2 2.1.0 2.1.1 2.1.2 2.1.3 2.2.0 2.2.1 2.2.2 2.2.3 2.2.4 2.2.5 2.2.6 2.3.0 2.3.1 2.3.2 2.3.3 2.3.4 2.3.5 2.4.1 2.4.2 2.4.3 2.4.4 2.4.5 2.4.6",
        releases: &[
            from("0", "cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64", [18300000, 6600, 74715976, 10611834], &[]),
            from("2.0.0", "cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64", [16900000, 6600, 69000000, 9800000], &[]),
        ],
    },
    Project {
        name: "opentelemetry-api",
        summary: "OpenTelemetry Python API",
        top_level: &["opentelemetry"],
        versions: "1.45.2",
        releases: &[
            from("0", "py3-none-any", [60335, 1411, 196771, 179069], &["typing-extensions>=4.5.0"]),
        ],
    },
    Project {
        name: "packaging",
        summary: "Core utilities for Python packages",
        top_level: &["packaging"],
        versions: "23.2 24.1 26.3",
        releases: &[
            from("0", "py3-none-any", [129956, 3544, 499179, 481499], &[]),
        ],
    },
    Project {
        name: "pandas",
        summary: "Powerful data structures for data analysis, time series, and statistics",
        top_level: &["pandas", "pandas.libs"],
        versions: "0.1 0.2 0.3.0 0.4.0 0.4.1 0.4.2 0.4.3 0.5.0 0.6.0 0.6.1 0.7.0 0.7.1 0.7.2 0.7.3 0.8.0 0.8.1 0.9.0 0.9.1 0.10.0 0.10.1 0.11.0 0.12.0 0.13.0 0.13.1 0.14.0 0.14.1 0.15.0 0.15.1 0.15.2 0.16.0 0.16.1 0.16.2 0.17.0 0.17.1 0.18.0 0.18.1 0.19.0 0.19.1 0.19.2 0.20.0 0.20.1 0.20.2 0.20.3 0.21.0 0.21.1 0.22.0 0.23.0 0.23.1 0.23.2 0.23.3 0.23.4 0.24.0 0.24.1 0.24.2 0.25.0 0.25.1 0.25.2 0.25.3 1.0.0 1.0.1 1.0.2 1.0.3 1.0.4 1.0.5 1.1.0 1.1.1 1.1.2 1.1.3 1.1.4 1.1.5 1.2.0 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.0 1.3.1 1.3.2 1.3.3 1.3.4 1.3.5 1.4.0 1.4.1 1.4.2 1.4.3 1.4.4 1.5.0 1.5.1 1.5.2 1.5.3 2.0.0 2.0.1 2.0.2 2.0.3 2.1.0 2.1.1 2.1.2 2.1.3 2.1.4 2.2.0 2.2.1 2.2.2 2.2.3 2.3.0 2.3.1 2.3.2 2.3.3 3.0.0 3.0.1 3.0.2 3.0.3 3.0.5 3.0.6 3.1.0 3.1.1",
        releases: &[
            from("0", "cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64", [13000000, 79000, 56055045, 25045871], &["numpy>=1.23.2", "python-dateutil>=2.8.2", "pytz>=2020.1", "tzdata>=2022.7"]),
            from("3.0.0", "cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64", [10900000, 79000, 47000000, 21000000], &["numpy>=2.0.2", "python-dateutil>=2.9.0"]),
        ],
    },
    Project {
        name: "pillow",
        summary: "Python Imaging Library (Fork)",
        top_level: &["PIL", "pillow.libs"],
        versions: "10.4.0 11.0.0 13.0.0",
        releases: &[
            from("0", "cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64", [7000000, 8800, 19000000, 1200000], &[]),
        ],
    },
    Project {
        name: "pip",
        summary: "The PyPA recommended tool for installing Python packages.",
        top_level: &["pip"],
        versions: "0.2 0.2.1 0.3 0.3.1 0.4 0.5 0.5.1 0.6 0.6.1 0.6.2 0.6.3 0.7 0.7.1 0.7.2 0.8 0.8.1 0.8.2 0.8.3 1.0 1.0.1 1.0.2 1.1 1.2 1.2.1 1.3 1.3.1 1.4 1.4.1 1.5 1.5.1 1.5.2 1.5.3 1.5.4 1.5.5 1.5.6 6.0 6.0.1 6.0.2 6.0.3 6.0.4 6.0.5 6.0.6 6.0.7 6.0.8 6.1.0 6.1.1 7.0.0 7.0.1 7.0.2 7.0.3 7.1.0 7.1.1 7.1.2 8.0.0 8.0.1 8.0.2 8.0.3 8.1.0 8.1.1 8.1.2 9.0.0 9.0.1 9.0.2 9.0.3 10.0.0 10.0.1 18.0 18.1 19.0 19.0.1 19.0.2 19.0.3 19.1 19.1.1 19.2 19.2.1 19.2.2 19.2.3 19.3 19.3.1 20.0.1 20.0.2 20.1 20.1.1 20.2 20.2.1 20.2.2 20.2.3 20.2.4 20.3 20.3.1 20.3.3 20.3.4 21.0 21.0.1 21.1 21.1.1 21.1.2 21.1.3 21.2.1 21.2.2 21.2.3 21.2.4 21.3 21.3.1 22.0 22.0.1 22.0.2 22.0.3 22.0.4 22.1 22.1.1 22.1.2 22.2 22.2.1 22.2.2 22.3 22.3.1 23.0 23.0.1 23.1 23.1.1 23.1.2 23.2 23.2.1 23.3 23.3.1 23.3.2 24.0 24.1 24.1.1 24.1.2 24.2 24.3 24.3.1 25.0 25.0.1 25.1 25.1.1 25.2 25.3 26.0 26.0.1 26.1 26.1.1 26.1.2 26.2 26.2.1 26.3",
        releases: &[
            from("0", "py3-none-any", [1850000, 4700, 7071750, 6978852], &[]),
        ],
    },
    Project {
        name: "pluggy",
        summary: "plugin and hook calling mechanisms for python",
        top_level: &["pluggy"],
        versions: "1.7.0",
        releases: &[
            from("0", "py3-none-any", [27082, 4966, 82101, 74497], &[]),
        ],
    },
    Project {
        name: "psycopg2-binary",
        summary: "psycopg2 - Python-PostgreSQL Database Adapter",
        top_level: &["psycopg2", "psycopg2_binary.libs"],
        versions: "2.7.4 2.7.5 2.7.6 2.7.6.1 2.7.7 2.8 2.8.1 2.8.2 2.8.3 2.8.4 2.8.5 2.8.6 2.9 2.9.1 2.9.2 2.9.3 2.9.4 2.9.5 2.9.6 2.9.7 2.9.8 2.9.9 2.9.10 2.9.11 2.9.12 2.9.13",
        releases: &[
            from("0", "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64", [4281172, 4939, 11750446, 126251], &[]),
        ],
    },
    Project {
        name: "pydantic",
        summary: "Data validation using Python type hints",
        top_level: &["pydantic"],
        versions: "2.14.3",
        releases: &[
            from("0", "py3-none-any", [494071, 141528, 1987038, 1834873], &["annotated-types>=0.6.0", "pydantic-core==2.50.4", "typing-extensions>=4.16.0", "typing-inspection>=0.4.4", "email-validator>=2.0.0; extra == 'email'"]),
        ],
    },
    Project {
        name: "pydantic_core",
        summary: "Core functionality for Pydantic validation and serialization",
        top_level: &["pydantic_core"],
        versions: "2.50.4",
        releases: &[
            from("0", "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64", [2253434, 6568, 5380143, 181751], &["typing-extensions>=4.16.0"]),
        ],
    },
    Project {
        name: "Pygments",
        summary: "Pygments is a syntax highlighting package written in Python.",
        top_level: &["pygments"],
        versions: "2.21.0",
        releases: &[
            from("0", "py3-none-any", [1250147, 2527, 4621166, 4577209], &[]),
        ],
    },
    Project {
        name: "pymongo",
        summary: "PyMongo - the Official MongoDB Python driver",
        top_level: &["bson", "gridfs", "pymongo"],
        versions: "4.6.1 4.10.1 4.20.0",
        releases: &[
            from("0", "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64", [1036387, 10055, 3772895, 2575107], &["dnspython<3.0.0,>=2.7.0"]),
        ],
    },
    Project {
        name: "PyMySQL",
        summary: "Pure Python MySQL Driver",
        top_level: &["pymysql"],
        versions: "1.1.1 1.1.2",
        releases: &[
            from("0", "py3-none-any", [45300, 4300, 170000, 160000], &[]),
        ],
    },
    Project {
        name: "pyparsing",
        summary: "pyparsing - Classes and methods to define and execute parsing grammars",
        top_level: &["pyparsing"],
        versions: "3.2.5",
        releases: &[
            from("0", "py3-none-any", [113890, 5000, 420000, 410000], &[]),
        ],
    },
    Project {
        name: "pytest",
        summary: "pytest: simple powerful testing with Python",
        top_level: &["_pytest", "py.py", "pytest"],
        versions: "2.0.0 2.0.1 2.0.2 2.0.3 2.1.0 2.1.1 2.1.2 2.1.3 2.2.0 2.2.1 2.2.2 2.2.3 2.2.4 2.3.0 2.3.1 2.3.2 2.3.3 2.3.4 2.3.5 2.4.0 2.4.1 2.4.2 2.5.0 2.5.1 2.5.2 2.6.0 2.6.1 2.6.2 2.6.3 2.6.4 2.7.0 2.7.1 2.7.2 2.7.3 2.8.0 2.8.1 2.8.2 2.8.3 2.8.4 2.8.5 2.8.6 2.8.7 2.9.0 2.9.1 2.9.2 3.0.0 3.0.1 3.0.2 3.0.3 3.0.4 3.0.5 3.0.6 3.0.7 3.1.0 3.1.1 3.1.2 3.1.3 3.2.0 3.2.1 3.2.2 3.2.3 3.2.4 3.2.5 3.3.0 3.3.1 3.3.2 3.4.0 3.4.1 3.4.2 3.5.0 3.5.1 3.6.0 3.6.1 3.6.2 3.6.3 3.6.4 3.7.0 3.7.1 3.7.2 3.7.3 3.7.4 3.8.0 3.8.1 3.8.2 3.9.1 3.9.2 3.9.3 3.10.0 3.10.1 4.0.0 4.0.1 4.0.2 4.1.0 4.1.1 4.2.0 4.2.1 4.3.0 4.3.1 4.4.0 4.4.1 4.4.2 4.5.0 4.6.0 4.6.1 4.6.2 4.6.3 4.6.4 4.6.5 4.6.6 4.6.7 4.6.8 4.6.9 4.6.10 4.6.11 5.0.0 5.0.1 5.1.0 5.1.1 5.1.2 5.1.3 5.2.0 5.2.1 5.2.2 5.2.3 5.2.4 5.3.0 5.3.1 5.3.2 5.3.3 5.3.4 5.3.5 5.4.0 5.4.1 5.4.2 5.4.3 6.0.0 6.0.1 6.0.2 6.1.0 6.1.1 6.1.2 6.2.0 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 7.0.0 7.0.1 7.1.0 7.1.1 7.1.2 7.1.3 7.2.0 7.2.1 7.2.2 7.3.0 7.3.1 7.3.2 7.4.0 7.4.1 7.4.2 7.4.3 7.4.4 8.0.0 8.0.1 8.0.2 8.1.1 8.1.2 8.2.0 8.2.1 8.2.2 8.3.0 8.3.1 8.3.2 8.3.3 8.3.4 8.3.5 8.4.0 8.4.1 8.4.2 9.0.0 9.0.1 9.0.2 9.0.3 9.1.0 9.1.1 9.2.0",
        releases: &[
            from("0", "py3-none-any", [342000, 7869, 1203240, 1189699], &["iniconfig", "packaging", "pluggy<2,>=1.5"]),
            from("8.4.0", "py3-none-any", [365000, 7869, 1284160, 1269708], &["iniconfig>=1", "packaging>=20", "pluggy<2,>=1.5", "pygments>=2.7.2"]),
            from("9.0.0", "py3-none-any", [411776, 7869, 1448730, 1432426], &["iniconfig>=2", "packaging>=24", "pluggy<2,>=1.6", "pygments>=2.15"]),
        ],
    },
    Project {
        name: "python-dateutil",
        summary: "Extensions to the standard Python datetime module",
        top_level: &["dateutil"],
        versions: "2.8.2 2.9.0.post0",
        releases: &[
            from("0", "py2.py3-none-any", [229892, 8400, 530000, 500000], &["tzdata"]),
        ],
    },
    Project {
        name: "python-dotenv",
        summary: "Read key-value pairs from a .env file and set them as environment variables",
        top_level: &["dotenv"],
        versions: "1.0.0 1.0.1 1.1.1 1.2.4",
        releases: &[
            from("0", "py3-none-any", [23266, 29979, 65897, 33009], &[]),
        ],
    },
    Project {
        name: "pytz",
        summary: "World timezone definitions, modern and historical",
        top_level: &["pytz"],
        versions: "2026.1",
        releases: &[
            from("0", "py2.py3-none-any", [509000, 22000, 1100000, 220000], &[]),
        ],
    },
    Project {
        name: "PyYAML",
        summary: "YAML parser and emitter for Python",
        top_level: &["_yaml", "yaml"],
        versions: "6.0.1 6.0.2 6.0.3",
        releases: &[
            from("0", "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64", [806638, 2351, 2874560, 218908], &[]),
        ],
    },
    Project {
        name: "redis",
        summary: "Python client for Redis database and key-value store",
        top_level: &["redis"],
        versions: "0.6.0 0.6.1 1.34 1.34.1 2.0.0 2.2.0 2.2.2 2.2.4 2.4.0 2.4.1 2.4.2 2.4.3 2.4.4 2.4.5 2.4.6 2.4.7 2.4.8 2.4.9 2.4.10 2.4.11 2.4.12 2.4.13 2.6.0 2.6.1 2.6.2 2.7.0 2.7.1 2.7.2 2.7.3 2.7.4 2.7.5 2.7.6 2.8.0 2.9.0 2.9.1 2.10.0 2.10.1 2.10.2 2.10.3 2.10.5 2.10.6 3.0.0 3.0.0.post1 3.0.1 3.1.0 3.2.0 3.2.1 3.3.0 3.3.1 3.3.2 3.3.3 3.3.4 3.3.5 3.3.6 3.3.7 3.3.8 3.3.9 3.3.10 3.3.11 3.4.0 3.4.1 3.5.0 3.5.1 3.5.2 3.5.3 4.0.0 4.0.1 4.0.2 4.1.0 4.1.1 4.1.2 4.1.3 4.1.4 4.2.0 4.2.1 4.2.2 4.3.0 4.3.1 4.3.2 4.3.3 4.3.4 4.3.5 4.3.6 4.4.0 4.4.1 4.4.2 4.4.3 4.4.4 4.5.0 4.5.1 4.5.2 4.5.3 4.5.4 4.5.5 4.6.0 5.0.0 5.0.1 5.0.2 5.0.3 5.0.4 5.0.5 5.0.6 5.0.7 5.0.8 5.1.0 5.1.1 5.2.0 5.2.1 5.3.0 5.3.1 6.0.0 6.1.0 6.1.1 6.2.0 6.3.0 6.4.0 7.0.0 7.0.1 7.1.0 7.1.1 7.2.0 7.2.1 7.2.2 7.3.0 7.3.1 7.4.0 7.4.1 8.0.0 8.0.1 8.1.0",
        releases: &[
            from("0", "py3-none-any", [251000, 16572, 1163965, 1151328], &[]),
            from("6.0.0", "py3-none-any", [273000, 16572, 1265985, 1252241], &[]),
            from("8.0.0", "py3-none-any", [560618, 16572, 2599760, 2571536], &["hiredis>=3.2.0; extra == 'hiredis'"]),
        ],
    },
    Project {
        name: "requests",
        summary: "Python HTTP for Humans.",
        top_level: &["requests"],
        versions: "0.2.0 0.2.1 0.2.2 0.2.3 0.2.4 0.3.0 0.3.1 0.3.2 0.3.3 0.3.4 0.4.0 0.4.1 0.5.0 0.5.1 0.6.0 0.6.1 0.6.2 0.6.3 0.6.4 0.6.5 0.6.6 0.7.0 0.7.1 0.7.2 0.7.3 0.7.4 0.7.5 0.7.6 0.8.0 0.8.1 0.8.2 0.8.3 0.8.4 0.8.5 0.8.6 0.8.7 0.8.8 0.8.9 0.9.0 0.9.1 0.9.2 0.9.3 0.10.0 0.10.1 0.10.2 0.10.3 0.10.4 0.10.6 0.10.7 0.10.8 0.11.1 0.11.2 0.12.0 0.12.1 0.13.0 0.13.1 0.13.2 0.13.3 0.13.4 0.13.5 0.13.6 0.13.7 0.13.8 0.13.9 0.14.0 0.14.1 0.14.2 1.0.0 1.0.1 1.0.2 1.0.3 1.0.4 1.1.0 1.2.0 1.2.1 1.2.2 1.2.3 2.0.0 2.0.1 2.1.0 2.2.0 2.2.1 2.3.0 2.4.0 2.4.1 2.4.2 2.4.3 2.5.0 2.5.1 2.5.2 2.5.3 2.6.0 2.6.1 2.6.2 2.7.0 2.8.0 2.8.1 2.9.0 2.9.1 2.9.2 2.10.0 2.11.0 2.11.1 2.12.0 2.12.1 2.12.2 2.12.3 2.12.4 2.12.5 2.13.0 2.14.0 2.14.1 2.14.2 2.15.1 2.16.0 2.16.1 2.16.2 2.16.3 2.16.4 2.16.5 2.17.0 2.17.1 2.17.2 2.17.3 2.18.0 2.18.1 2.18.2 2.18.3 2.18.4 2.19.0 2.19.1 2.20.0 2.20.1 2.21.0 2.22.0 2.23.0 2.24.0 2.25.0 2.25.1 2.26.0 2.27.0 2.27.1 2.28.0 2.28.1 2.28.2 2.29.0 2.30.0 2.31.0 2.32.2 2.32.3 2.32.4 2.32.5 2.33.0 2.33.1 2.34.0 2.34.1 2.34.2",
        releases: &[
            from("0", "py3-none-any", [64900, 4806, 208174, 192976], &["charset-normalizer<4,>=2", "idna<4,>=2.5", "urllib3<3,>=1.21.1", "certifi>=2017.4.17"]),
            from("2.33.0", "py3-none-any", [73075, 4806, 234397, 217284], &["charset_normalizer<4,>=2", "idna<4,>=2.5", "urllib3<3,>=1.26", "certifi>=2023.5.7", "PySocks!=1.5.7,>=1.5.6; extra == 'socks'"]),
        ],
    },
    Project {
        name: "scikit-learn",
        summary: "A set of python modules for machine learning and data mining",
        top_level: &["sklearn"],
        versions: "1.5.2 1.8.0",
        releases: &[
            from("0", "cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64", [9100000, 11000, 37000000, 14000000], &["numpy>=1.24.1", "scipy>=1.10.0", "joblib>=1.3.0", "threadpoolctl>=3.2.0"]),
        ],
    },
    Project {
        name: "scipy",
        summary: "Fundamental algorithms for scientific computing in Python",
        top_level: &["scipy", "scipy.libs"],
        versions: "1.14.1 1.16.3",
        releases: &[
            from("0", "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64", [35900000, 62000, 115000000, 20000000], &["numpy<2.6,>=1.25.2"]),
        ],
    },
    Project {
        name: "setuptools",
        summary: "Easily download, build, install, upgrade, and uninstall Python packages",
        top_level: &["setuptools", "pkg_resources", "_distutils_hack"],
        versions: "80.9.0",
        releases: &[
            from("0", "py3-none-any", [1201486, 6600, 3400000, 3100000], &[]),
        ],
    },
    Project {
        name: "six",
        summary: "Python 2 and 3 compatibility utilities",
        top_level: &["six.py"],
        versions: "1.16.0 1.17.0",
        releases: &[
            from("0", "py2.py3-none-any", [11050, 1658, 37975, 34703], &[]),
        ],
    },
    Project {
        name: "soupsieve",
        summary: "A modern CSS selector implementation for Beautiful Soup.",
        top_level: &["soupsieve"],
        versions: "4.1.2",
        releases: &[
            from("0", "py3-none-any", [59295, 4389, 217884, 211303], &[]),
        ],
    },
    Project {
        name: "SQLAlchemy",
        summary: "Database Abstraction Library",
        top_level: &["sqlalchemy"],
        versions: "1.4.54 2.0.23 2.0.36 2.0.44 2.1.9",
        releases: &[
            from("0", "cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64", [4679570, 9662, 18036136, 8650855], &["typing-extensions>=4.6.0"]),
        ],
    },
    Project {
        name: "sqlparse",
        summary: "A non-validating SQL parser.",
        top_level: &["sqlparse"],
        versions: "0.6.1",
        releases: &[
            from("0", "py3-none-any", [51200, 6941, 161032, 146489], &[]),
        ],
    },
    Project {
        name: "starlette",
        summary: "The little ASGI library that shines.",
        top_level: &["starlette"],
        versions: "1.10.0",
        releases: &[
            from("0", "py3-none-any", [80571, 6560, 275681, 264127], &["anyio<5,>=4.0.0", "typing-extensions>=4.10.0"]),
        ],
    },
    Project {
        name: "threadpoolctl",
        summary: "threadpoolctl",
        top_level: &["threadpoolctl.py"],
        versions: "3.6.0",
        releases: &[
            from("0", "py3-none-any", [18638, 13800, 60000, 45000], &[]),
        ],
    },
    Project {
        name: "typing_extensions",
        summary: "Backported and Experimental Type Hints for Python 3.9+",
        top_level: &["typing_extensions.py"],
        versions: "4.16.0",
        releases: &[
            from("0", "py3-none-any", [45571, 3310, 182767, 165012], &[]),
        ],
    },
    Project {
        name: "typing-inspection",
        summary: "Runtime typing introspection tools",
        top_level: &["typing_inspection"],
        versions: "0.4.5",
        releases: &[
            from("0", "py3-none-any", [14874, 2554, 55266, 41116], &["typing-extensions>=4.15.0"]),
        ],
    },
    Project {
        name: "tzdata",
        summary: "Provider of IANA time zone data",
        top_level: &["tzdata"],
        versions: "2026.2",
        releases: &[
            from("0", "py2.py3-none-any", [348000, 1400, 790000, 1000], &[]),
        ],
    },
    Project {
        name: "urllib3",
        summary: "HTTP library with thread-safe connection pooling, file post, and more.",
        top_level: &["urllib3"],
        versions: "1.26.20 2.2.3 2.8.0",
        releases: &[
            from("0", "py3-none-any", [135717, 7389, 450461, 434671], &["pysocks!=1.5.7,<2.0,>=1.5.6; extra == 'socks'"]),
        ],
    },
    Project {
        name: "uvicorn",
        summary: "The lightning-fast ASGI server.",
        top_level: &["uvicorn"],
        versions: "0.30.6 0.32.1 0.54.0",
        releases: &[
            from("0", "py3-none-any", [87427, 6607, 294179, 281596], &["click>=7.0", "h11>=0.8", "httptools>=0.8.0; extra == 'standard'", "python-dotenv>=0.13; extra == 'standard'", "pyyaml>=5.1; extra == 'standard'", "uvloop>=0.15.1; extra == 'standard'", "watchfiles>=0.20; extra == 'standard'", "websockets>=13.0; extra == 'standard'"]),
        ],
    },
    Project {
        name: "waitress",
        summary: "Waitress WSGI server",
        top_level: &["waitress"],
        versions: "3.0.2",
        releases: &[
            from("0", "py3-none-any", [56200, 5800, 230000, 220000], &[]),
        ],
    },
    Project {
        name: "Werkzeug",
        summary: "The comprehensive WSGI web application library.",
        top_level: &["werkzeug"],
        versions: "0.1 0.2 0.3 0.3.1 0.4 0.4.1 0.5 0.5.1 0.6 0.6.1 0.6.2 0.7 0.7.1 0.7.2 0.8 0.8.1 0.8.2 0.8.3 0.9 0.9.1 0.9.2 0.9.3 0.9.4 0.9.5 0.9.6 0.10 0.10.1 0.10.2 0.10.4 0.11 0.11.1 0.11.2 0.11.3 0.11.4 0.11.5 0.11.6 0.11.7 0.11.8 0.11.9 0.11.10 0.11.11 0.11.12 0.11.13 0.11.14 0.11.15 0.12 0.12.1 0.12.2 0.13 0.14 0.14.1 0.15.0 0.15.1 0.15.2 0.15.3 0.15.4 0.15.5 0.15.6 0.16.0 0.16.1 1.0.0 1.0.1 2.0.0 2.0.1 2.0.2 2.0.3 2.1.0 2.1.1 2.1.2 2.2.0 2.2.1 2.2.2 2.2.3 2.3.0 2.3.1 2.3.2 2.3.3 2.3.4 2.3.5 2.3.6 2.3.7 2.3.8 3.0.0 3.0.1 3.0.2 3.0.3 3.0.4 3.0.5 3.0.6 3.1.0 3.1.1 3.1.2 3.1.3 3.1.4 3.1.5 3.1.6 3.1.7 3.1.8 3.1.9",
        releases: &[
            from("0", "py3-none-any", [227300, 4000, 772315, 758329], &["MarkupSafe>=2.1.1"]),
            from("3.1.0", "py3-none-any", [228700, 4000, 777072, 763000], &["markupsafe>=2.1.1"]),
        ],
    },
    Project {
        name: "wheel",
        summary: "A built-package format for Python",
        top_level: &["wheel"],
        versions: "0.45.1",
        releases: &[
            from("0", "py3-none-any", [72494, 2300, 180000, 170000], &[]),
        ],
    },
];
