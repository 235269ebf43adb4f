//! A field that is added to people as README describes.

mod common;

use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Output},
};

use common::{
    crm::crm,
    documents::{ROOT, blocks, run, serving_shell},
    folder::Folder,
    server::Server,
};

const LIST: &str = "src/database/person.rs";
const PAGE: &str = "src/page/person.rs";

#[test]
fn a_field_works_in_both_places_and_does_not_compile_in_one() {
    // Outside this workspace, or cargo would make it a member.
    let folder = Folder::for_all("field");
    symlink(fs::canonicalize(ROOT).unwrap(), folder.file("signed-query")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let in_target = |mut command: Command| {
        command.env("CARGO_TARGET_DIR", target).env("CARGO_NET_OFFLINE", "true");
        command
    };
    let copying = blocks("Copying the server", "sh").concat();
    let (copying, _) = copying.rsplit_once(" && ").unwrap();
    run(&mut in_target(common::documents::shell(
        &copying.replacen("&& cargo", "&& cp ../signed-query/Cargo.lock . && cargo", 1),
        &folder.file(""),
    )));
    let copy = folder.file("mycrm");
    let edit = |file: &str, old: &str, new: &str| {
        let path = format!("{copy}/{file}");
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(old).count(), 1, "{old} in {file}");
        fs::write(path, text.replace(old, new)).unwrap();
    };
    let check = || -> Output {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["check", "--quiet"]).current_dir(&copy);
        in_target(cargo).output().unwrap()
    };
    let (listed, shown) =
        ("    crm_url,\n    company,\n}", "(crm_link(&person.crm_url)) p { (person.company) }");
    edit(LIST, "    crm_url,\n}", listed);
    let without_page = check();
    edit(PAGE, "(crm_link(&person.crm_url))", shown);
    edit(LIST, listed, "    crm_url,\n}");
    let without_list = check();
    for output in [without_page, without_list] {
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains("company"), "{error}");
    }
    edit(LIST, "    crm_url,\n}", listed);

    // With a database that exists already.
    let file = folder.file("people.db");
    assert!(Server::with(&[("DATABASE", &file)]).stop().0.success());
    fs::write(folder.file("people.csv"), "id,name,company\n1,Anna,Example Ltd\n").unwrap();
    run(crm().args(["import", &folder.file("people.csv")]).env("DATABASE", &file));
    let server =
        Server::spawn(&mut in_target(serving_shell("cargo run --quiet", &copy)), &[("DATABASE", &file)]);
    assert_eq!(server.get("/iframe?id=1").status, 200);
    let mut import = Command::new(env!("CARGO"));
    import.args(["run", "--quiet", "--", "import", "../people.csv"]).current_dir(&copy);
    run(in_target(import).env("DATABASE", &file));
    let page = server.get("/iframe?id=1").body;
    assert!(page.contains("Example Ltd"), "{page}");
}
