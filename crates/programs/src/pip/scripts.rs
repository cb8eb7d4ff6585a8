//! The commands that distributions bring (`console_scripts`): small scripts beside the interpreter.

use super::environment::Environment;
use super::requirement::normalize;

/// Distribution (normalized), command, and what it calls.
const ALL: &[(&str, &str, &str)] = &[
    ("charset-normalizer", "normalizer", "charset_normalizer:cli.cli_detect"),
    ("django", "django-admin", "django.core.management:execute_from_command_line"),
    ("fastapi", "fastapi", "fastapi.cli:main"),
    ("flask", "flask", "flask.cli:main"),
    ("fonttools", "fonttools", "fontTools.__main__:main"),
    ("fonttools", "pyftmerge", "fontTools.merge:main"),
    ("fonttools", "pyftsubset", "fontTools.subset:main"),
    ("fonttools", "ttx", "fontTools.ttx:main"),
    ("gunicorn", "gunicorn", "gunicorn.app.wsgiapp:run"),
    ("httpx", "httpx", "httpx:main"),
    ("numpy", "f2py", "numpy.f2py.f2py2e:main"),
    ("numpy", "numpy-config", "numpy._configtool:main"),
    ("pygments", "pygmentize", "pygments.cmdline:main"),
    ("pytest", "py.test", "pytest:console_main"),
    ("pytest", "pytest", "pytest:console_main"),
    ("python-dotenv", "dotenv", "dotenv.__main__:cli"),
    ("sqlparse", "sqlformat", "sqlparse.__main__:main"),
    ("uvicorn", "uvicorn", "uvicorn.main:main"),
    ("waitress", "waitress-serve", "waitress.runner:run"),
    ("wheel", "wheel", "wheel.cli:main"),
];

/// A command of a distribution.
pub(crate) struct Script {
    /// Its name.
    pub(crate) name: &'static str,
    target: &'static str,
}

/// The commands of a distribution, by name.
pub(crate) fn of(project: &str) -> Vec<Script> {
    let key = normalize(project);
    ALL.iter().filter(|s| s.0 == key).map(|s| Script { name: s.1, target: s.2 }).collect()
}

/// What `entry_points.txt` says of them.
pub(crate) fn entry_points(scripts: &[Script]) -> String {
    let lines: String = scripts.iter().map(|s| format!("{} = {}\n", s.name, s.target)).collect();
    format!("[console_scripts]\n{lines}")
}

impl Script {
    /// The script's text, as distlib writes it.
    pub(crate) fn text(&self, interpreter: &str, modern: bool) -> String {
        let (module, function) = self.target.split_once(':').unwrap_or((self.target, "main"));
        let imported = function.split('.').next().unwrap_or(function);
        let import = if modern { "import sys" } else { "# -*- coding: utf-8 -*-\nimport re\nimport sys" };
        let name = if modern {
            "    if sys.argv[0].endswith('.exe'):\n        sys.argv[0] = sys.argv[0][:-4]\n"
        } else {
            "    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])\n"
        };
        format!(
            "#!{interpreter}\n{import}\nfrom {module} import {imported}\nif __name__ == '__main__':\n{name}    \
             sys.exit({function}())\n"
        )
    }
}

/// What pip says where a folder of scripts is not on `PATH`.
pub(crate) fn not_on_path(env: &Environment, scripts: &[Script], dir: &str) -> Option<String> {
    let path = env.var("PATH").unwrap_or_default();
    if scripts.is_empty()
        || dir == format!("{}/bin", env.prefix)
        || path.split(':').any(|p| p.trim_end_matches('/') == dir)
    {
        return None;
    }
    let names: Vec<&str> = scripts.iter().map(|s| s.name).collect();
    let what = match names.as_slice() {
        [one] => format!("script {one} is"),
        [all @ .., last] => format!("scripts {} and {last} are", all.join(", ")),
        [] => return None,
    };
    Some(format!(
        "  WARNING: The {what} installed in '{dir}' which is not on PATH.\n  Consider adding this directory to PATH \
         or, if you prefer to suppress this warning, use --no-warn-script-location."
    ))
}
