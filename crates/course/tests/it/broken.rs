//! A folder with mistakes: all of them are told, each with its file and line.

use layerlab_course::read::{self, Files};
use layerlab_course::{Block, QuizKind, play};

const DE: &str = "# Titel\n\nEin **Ding**.\n\n```sh\ndocker run -d hello-world\n```\n\n## Tu es {#do .exercise}\n\nTu es.\n\n- [ ] getan\n\n### Tipp {.hint}\n\nso\n\n## Frage {#which .quiz}\n\nWelche?\n\n- [ ] die\n- [x] diese\n\n> Darum.\n";

fn folder(change: impl FnOnce(&mut Files)) -> Files {
    let mut files = Files::default();
    let en = DE.replace("Titel", "Title").replace("**Ding**", "**thing**");
    for (path, text) in [
        ("course.toml", "first = \"01-one\"\n"),
        (
            "glossary.toml",
            "[thing]\nde = { name = \"Ding\", text = \"Ein Ding.\" }\nen = { name = \"thing\", text = \"A thing.\" }\n",
        ),
        ("observer.sh", ""),
        (
            "01-one/lesson.toml",
            "order = 1\nminutes = 5\ncommands = [\"docker run\"]\nterms = [\"thing\"]\n\n[[exercise]]\nid = \"do\"\ngoals = [\"done\"]\n",
        ),
        ("01-one/de.md", DE),
        ("01-one/en.md", &en),
        ("01-one/checks/do.done.sh", "exit 1\n"),
        ("01-one/solutions/do/solution.sh", "docker run hello-world\n"),
    ] {
        files.0.insert(path.to_owned(), text.as_bytes().to_vec());
    }
    change(&mut files);
    files
}

fn replace(files: &mut Files, path: &str, from: &str, to: &str) {
    let text = files.text(path).unwrap_or_default();
    assert!(text.contains(from), "{path}: {from}");
    files.0.insert(path.to_owned(), text.replace(from, to).into_bytes());
}

/// What is said of the folder, in order.
fn said(files: &Files) -> Vec<String> {
    let (course, mut mistakes) = read::course(files);
    mistakes.extend(play::texts(&course, files));
    mistakes.sort();
    mistakes.iter().map(|m| m.to_string().replace("lessons/", "").replace("01-one/", "")).collect()
}

#[test]
fn a_folder_becomes_a_lesson() {
    let files = folder(|_| {});
    assert_eq!(said(&files), Vec::<String>::new());
    let (course, _) = read::course(&files);
    let lesson = &course.lessons[0].lesson;
    assert_eq!((lesson.title.de.as_str(), lesson.title.en.as_str()), ("Titel", "Title"));
    let [Block::Html(_), Block::Exercise(task), Block::Quiz(quiz)] = &lesson.en[..] else {
        panic!("{:?}", lesson.en);
    };
    assert_eq!((task.goals.as_slice(), task.hints.len()), (&["getan".to_owned()][..], 1));
    assert_eq!(
        (quiz.kind, quiz.choices.iter().map(|c| c.right).collect::<Vec<_>>()),
        (QuizKind::Single, vec![false, true])
    );
    assert_eq!(quiz.why, "<p>Darum.</p>");
}

/// A second lesson, made of the first.
fn beside(files: &mut Files, folder: &str, number: &str) {
    let first: Vec<_> = files.below("01-one").map(|(path, data)| (format!("{folder}/{path}"), data.to_vec())).collect();
    files.0.extend(first);
    replace(files, &format!("{folder}/lesson.toml"), "order = 1", number);
}

#[test]
fn a_letter_puts_a_lesson_behind_another_of_its_number() {
    let files = folder(|f| {
        beside(f, "02-after", "order = 2\nneeds = [\"01b-again\"]");
        beside(f, "01b-again", "order = 1\npart = \"b\"\nneeds = [\"01-one\"]");
    });
    assert_eq!(said(&files), Vec::<String>::new());
    let (course, _) = read::course(&files);
    let slugs: Vec<_> = course.lessons.iter().map(|l| l.lesson.slug.as_str()).collect();
    assert_eq!(slugs, ["01-one", "01b-again", "02-after"]);
}

#[test]
fn numbers_that_are_wrong_or_taken_are_told() {
    let files = folder(|f| {
        beside(f, "01-other", "order = 1");
        beside(f, "01b-again", "order = 1");
        beside(f, "03B-loud", "order = 3\npart = \"B\"");
    });
    assert_eq!(
        said(&files),
        [
            "01-other/lesson.toml:1: order 1 is that of 01-one, too",
            "01b-again/lesson.toml:1: order 1 is not the number of the folder 01b-again",
            "01b-again/lesson.toml:1: order 1 is that of 01-other, too",
            "03B-loud/lesson.toml:1: part B is not one small letter",
        ]
    );
}

#[test]
fn all_mistakes_are_told_at_once() {
    let files = folder(|f| {
        f.0.remove("01-one/checks/do.done.sh");
        replace(f, "01-one/en.md", "- [x] diese", "- [ ] diese");
        replace(f, "01-one/de.md", "docker run -d", "docker run --detatch");
        f.0.insert("01-one/notes.txt".into(), Vec::new());
    });
    assert_eq!(
        said(&files),
        [
            "checks/do.done.sh:1: this file is missing",
            "de.md:6: unknown flag: --detatch",
            "de.md:24: here is a right answer, where en.md:24 has a wrong answer",
            "en.md:19: which: 0 answers are ticked as right, not one",
            "notes.txt:1: nothing uses this file",
        ]
    );
}

#[test]
fn what_was_not_taught_or_explained_is_found_with_its_line() {
    let files = folder(|f| {
        replace(f, "01-one/de.md", "Tu es.", "Tu es mit `docker rm` und **Kraft**: [so](nirgends.md)");
        replace(f, "01-one/en.md", "docker run -d", "sudo docker run -d");
    });
    assert_eq!(
        said(&files),
        [
            "de.md:11: **Kraft** is no term of this or an earlier lesson (stress is written *so*)",
            "de.md:11: docker rm was not taught in this or an earlier lesson",
            "de.md:11: the link nirgends.md leads nowhere",
            "en.md:6: sudo was not taught in this or an earlier lesson",
        ]
    );
}

#[test]
fn toml_and_shell_that_cannot_be_read_are_told_by_line() {
    let files = folder(|f| {
        replace(f, "01-one/lesson.toml", "minutes = 5", "minutes = \"five\"");
    });
    assert!(said(&files)[0].starts_with("lesson.toml:2: "), "{:?}", said(&files));
    let files = folder(|f| replace(f, "01-one/de.md", "docker run -d", "( docker run -d"));
    assert_eq!(said(&files), ["de.md:7: syntax error: unexpected end of file"]);
}

#[test]
fn questions_of_all_kinds_are_read() {
    let more = "\n## Reihenfolge {#steps .quiz .order}\n\nWie?\n\n1. eins\n2. zwei\n3. drei\n\n\
        ## Mehrere {#some .quiz .multiple}\n\nWelche?\n\n- [x] a\n- [ ] b\n- [x] `c`\n";
    let guess = "- [ ] getan\n\n### Was kommt? {.guess}\n\nSag es.\n\n- [x] ja\n- [ ] nein\n\n> So *ist* es.\n";
    let files = folder(|f| {
        for lang in ["de", "en"] {
            let path = format!("01-one/{lang}.md");
            replace(f, &path, "- [ ] getan\n", guess);
            let text = f.text(&path).unwrap_or_default() + more;
            f.0.insert(path, text.into_bytes());
        }
    });
    assert_eq!(said(&files), Vec::<String>::new());
    let (course, _) = read::course(&files);
    let blocks = &course.lessons[0].lesson.de;
    let quizzes: Vec<_> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Quiz(quiz) => Some(quiz),
            Block::Exercise(task) => task.guess.as_ref(),
            _ => None,
        })
        .map(|q| (q.id.as_str(), q.kind, q.choices.iter().map(|c| (c.html.as_str(), c.right)).collect::<Vec<_>>()))
        .collect();
    assert_eq!(
        quizzes,
        [
            ("do", QuizKind::Guess, vec![("ja", true), ("nein", false)]),
            ("which", QuizKind::Single, vec![("die", false), ("diese", true)]),
            ("steps", QuizKind::Order, vec![("eins", true), ("zwei", true), ("drei", true)]),
            ("some", QuizKind::Multiple, vec![("a", true), ("b", false), ("<code>c</code>", true)]),
        ]
    );
    let Some(Block::Exercise(task)) = blocks.iter().find(|b| matches!(b, Block::Exercise(_))) else {
        panic!("an exercise");
    };
    assert_eq!((task.goals.len(), task.hints.len()), (1, 1), "what follows the guess is a hint as before");
    assert_eq!(task.guess.as_ref().map(|g| g.why.as_str()), Some("<p>So <em>ist</em> es.</p>"));
}

#[test]
fn a_way_that_does_not_lead_there_is_told() {
    let files = folder(|f| {
        f.0.insert("01-one/checks/do.done.sh".into(), b"[ -n \"$(docker ps -aq)\" ] || exit 1\n".to_vec());
        f.0.insert("01-one/solutions/do/ok-else.sh".into(), b"docker ps\nflase\n".to_vec());
        f.0.insert("01-one/solutions/do/no-else.sh".into(), b"# open: done\ndocker run hello-world\n".to_vec());
        f.0.insert("01-one/solutions/do/no-word.sh".into(), b"# open: done\ndocker ps\n".to_vec());
    });
    assert_eq!(said(&files), Vec::<String>::new());
    let (course, _) = read::course(&files);
    let said: Vec<String> = play::play(&course.lessons[0]).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "lessons/01-one/solutions/do/ok-else.sh:2: it ends with status Some(127)",
            "lessons/01-one/solutions/do/ok-else.sh:1: 'done' is not reached",
            "lessons/01-one/solutions/do/no-else.sh:1: 'done' is reached, and should not be",
            "lessons/01-one/solutions/do/no-word.sh:1: 'done' is open, but nothing says why",
        ]
    );
}
