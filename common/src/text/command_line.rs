//! What every program says about its command line: headings of the help, and mistakes in what was typed.

use super::texts;

texts! {
    /// Sentences about command lines.
    pub enum CommandLine {
        Usage: "Usage", "用法";
        Commands: "Commands", "命令";
        Options: "Options", "选项";
        Arguments: "Arguments", "参数";
        UnknownCommand { word }: "There is no command \"{word}\".", "没有命令“{word}”。";
        UnknownOption { word }: "\"{word}\" does not belong here.", "这里不能用“{word}”。";
        DidYouMean { words }: "Did you mean: {words}?", "您是不是要用：{words}？";
        BadValue { value, option, meaning }: "\"{value}\" does not fit {option}: {meaning}.", "{option} 不能是“{value}”：{meaning}。";
        NoValue { option }: "{option} needs a value.", "{option} 缺少取值。";
        Missing { names }: "Missing: {names}", "缺少：{names}";
        NoCommand: "Say what to do: a command is missing.", "请指定要执行的命令。";
        Conflict { one, other }: "{one} and {other} do not go together.", "{one} 与 {other} 不能同时使用。";
        WrongCount { option }: "{option} has the wrong number of values.", "{option} 的取值个数不对。";
        NotUnicode: "The command line holds bytes that are no text.", "命令行中有无法识别为文字的内容。";
        MoreHelp { program }: "\"{program} --help\" says more.", "详见 {program} --help。";
    }
}
