//! README's commands, run as they stand there, and what it says of variables.

mod common;

use common::{
    crm::crm,
    did_not_run::is_installed,
    documents::{ROOT, blocks, run, serving_shell, shell, text},
    folder::Folder,
    program::command,
    server::Server,
};

/// The first screen: a server, and a request that is signed for it.
#[test]
fn the_first_commands_do_what_is_shown() {
    if !is_installed("curl", "curl") {
        return;
    }
    let start = blocks("Try it", "sh").swap_remove(0);
    let server = Server::spawn(&mut serving_shell(&start, ROOT), &[]);
    let asked = blocks("Try it", "console").swap_remove(0);
    let (command, answer) = asked.split_once('\n').unwrap();
    let command = command.strip_prefix("$ ").unwrap().replace("http://127.0.0.1:8080", &server.url(""));
    let output = shell(&command, ROOT).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), answer.trim_end());
}

/// Each way to start one that the table has starts one.
#[test]
fn each_server_of_the_table_starts_as_it_says() {
    let readme = text("README.md");
    let rows: Vec<&str> =
        readme.lines().filter(|line| line.contains("| `SECRET=changeme! cargo run")).collect();
    assert_eq!(rows.len(), 3);
    for row in rows {
        let command = row.split('`').find(|part| part.starts_with("SECRET=")).unwrap();
        let server = Server::spawn(&mut serving_shell(command, ROOT), &[]);
        assert_eq!(server.names("/search?q=red"), ["Susan Red"], "{row}");
    }
}

/// What README shows of the command, up to what depends on the time.
#[test]
fn the_command_says_what_is_shown() {
    let folder = command().parent().unwrap().to_str().unwrap().to_owned();
    for heading in ["The command", "Why was it refused?"] {
        let shown = blocks(heading, "console").swap_remove(0);
        let (commands, answer): (Vec<&str>, Vec<&str>) =
            shown.lines().partition(|line| line.starts_with("$ "));
        let commands: Vec<&str> = commands.iter().map(|line| &line[2..]).collect();
        let said = shell(&commands.join("\n"), ROOT)
            .env("PATH", format!("{folder}:/usr/bin:/bin"))
            .output()
            .unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        let mut lines = said.lines();
        for line in answer.into_iter().take_while(|line| *line != "…") {
            let is_shown =
                |said: &str| line.strip_suffix('…').map_or(said == line, |start| said.starts_with(start));
            assert!(lines.next().is_some_and(is_shown), "{line:?} is not shown so by\n{said}");
        }
    }
}

#[test]
fn the_table_of_variables_is_that_of_the_help() {
    let readme = text("README.md");
    let (_, table) = readme.split_once("reads its configuration from the environment:\n").unwrap();
    let rows = table.split_once("\nAn empty variable").unwrap().0.lines();
    let names: Vec<&str> =
        rows.filter_map(|row| row.strip_prefix("| `")?.split_once('`')).map(|(name, _)| name).collect();
    assert!(names.len() > 10, "{names:?}");
    let help = run(crm().arg("--help"));
    let is_of_names = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let words: Vec<&str> = help.split(|char| !is_of_names(char)).collect();
    for name in names {
        assert!(words.contains(&name), "{name} is not in {help}");
    }
}

#[test]
fn the_commands_for_people_fill_a_database() {
    let commands = blocks("Your people", "sh").concat();
    let folder = Folder::new("readme");
    let server = Server::with(&[("DATABASE", &folder.file("people.db"))]);
    if !is_installed("sqlite3", "sqlite3") {
        return;
    }
    // There is no package in that folder.
    let program = crm().get_program().to_str().unwrap().to_owned();
    assert_eq!(commands.matches("cargo run -p crm --").count(), 1);
    let commands = commands.replace("cargo run -p crm --", &program);
    run(&mut shell(&commands, &folder.file("")));
    assert_eq!(server.names("/search?q=lovelace"), ["Ada Lovelace"]);
    assert_eq!(server.names("/search?q=grace"), ["Grace \"Amazing\" Hopper"]);
    assert_eq!(server.names("/search?q=turing@"), ["Turing, Alan"]);
    let page = server.get("/iframe?id=101").body;
    assert!(page.contains("£12.50") && page.contains("2026"), "{page}");
}
