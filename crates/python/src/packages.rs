//! Packages that `pip` installs: our own small forms of them, as Python source.

/// A distribution's files, relative to `site-packages`.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// The distribution's name, as pip shows it.
    pub name: &'static str,
    /// The version of the real distribution that it stands for.
    pub version: &'static str,
    /// Path below `site-packages`, and content.
    pub files: &'static [(&'static str, &'static str)],
}

macro_rules! files {
    ($($path:literal),* $(,)?) => { &[$(($path, include_str!(concat!("../packages/", $path)))),*] };
}

/// All packages.
pub fn packages() -> &'static [Package] {
    &[
        Package {
            name: "Flask",
            version: "3.0.3",
            files: files![
                "flask/__init__.py",
                "flask/__main__.py",
                "flask/app.py",
                "flask/blueprints.py",
                "flask/cli.py",
                "flask/config.py",
                "flask/ctx.py",
                "flask/globals.py",
                "flask/helpers.py",
                "flask/json.py",
                "flask/scaffold.py",
                "flask/sessions.py",
                "flask/templating.py",
                "flask/testing.py",
                "flask/wrappers.py"
            ],
        },
        Package {
            name: "Werkzeug",
            version: "3.0.3",
            files: files![
                "werkzeug/__init__.py",
                "werkzeug/datastructures.py",
                "werkzeug/exceptions.py",
                "werkzeug/http.py",
                "werkzeug/routing.py",
                "werkzeug/serving.py",
                "werkzeug/utils.py",
                "werkzeug/wrappers.py"
            ],
        },
        Package { name: "Jinja2", version: "3.1.4", files: files!["jinja2/__init__.py", "jinja2/nodes.py"] },
        Package { name: "MarkupSafe", version: "2.1.5", files: files!["markupsafe/__init__.py"] },
        Package { name: "click", version: "8.1.7", files: files!["click/__init__.py"] },
        Package { name: "itsdangerous", version: "2.2.0", files: files!["itsdangerous/__init__.py"] },
        Package {
            name: "gunicorn",
            version: "25.0.0",
            files: files![
                "gunicorn/__init__.py",
                "gunicorn/__main__.py",
                "gunicorn/app/__init__.py",
                "gunicorn/app/wsgiapp.py",
                "gunicorn/arbiter.py",
                "gunicorn/worker.py"
            ],
        },
        Package {
            name: "redis",
            version: "8.1.0",
            files: files!["redis/__init__.py", "redis/client.py", "redis/connection.py", "redis/exceptions.py"],
        },
        Package {
            name: "requests",
            version: "2.34.2",
            files: files![
                "requests/__init__.py",
                "requests/exceptions.py",
                "requests/models.py",
                "requests/sessions.py"
            ],
        },
        Package { name: "blinker", version: "1.8.2", files: files!["blinker/__init__.py"] },
    ]
}
