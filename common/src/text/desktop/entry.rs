//! Signing in and registering.

use crate::text::texts;

texts! {
    /// Words of the first screen.
    pub enum EntryText {
        SignIn: "Sign in", "登录";
        Register: "Create an account", "注册账号";
        Welcome: "Welcome to Hutong", "欢迎来到胡同";
        Motto: "Talk with everybody in the room, without the Internet.", "不需要互联网，与同一间屋子里的人聊天。";
        Login: "Login name", "登录名";
        LoginRules: "Letters, digits, Chinese; 3 to 24 characters. Others find you by it.", "字母、数字或汉字，3 到 24 个字符；别人用它找到您。";
        Password: "Password", "密码";
        PasswordRules: "At least 8 characters. It never leaves this computer.", "至少 8 个字符，不会离开这台电脑。";
        Again: "Password once more", "再输入一次密码";
        Name: "Display name", "显示名称";
        NameHint: "What others see; the login name when left empty.", "别人看到的名字；不填则使用登录名。";
        Picture: "Picture", "头像";
        PictureHint: "Optional; its middle is shown in a circle.", "可不选，以圆形显示中间部分。";
        Sex: "I am", "性别";
        SexUnsaid: "not said", "保密";
        SexMale: "male", "男";
        SexFemale: "female", "女";
        SexOther: "other", "其他";
        Code: "Code (if you were given one)", "注册码（如果有）";
        Seat: "This is a shared computer", "这是公用电脑";
        SeatHint: "Everything is removed from here when you sign out or close the window.", "退出登录或关闭窗口后，本机不保留任何数据。";
        Servers: "Server", "服务器";
        Looking: "Looking for a server on this network…", "正在局域网中寻找服务器…";
        LookingHint: "It goes on by itself when the teacher's computer appears. No luck? Type the invite link or the address below.", "老师的电脑出现后会自动继续。找不到？请在下面填写邀请链接或地址。";
        Known: "known here", "已确认";
        Suspect: "same name, another key!", "同名但密钥不同！";
        Link: "Invite link or address", "邀请链接或地址";
        MoreServers: "Another server…", "其他服务器…";
        Busy: "One moment…", "请稍候…";
        ToRegister: "No account yet? Create one", "还没有账号？立即注册";
        ToSignIn: "I have an account", "已有账号，去登录";
        Doubt: "Is this the right server?", "这是正确的服务器吗？";
        DoubtText { address }: "Hutong has not met the server at {address} before. Compare this with what your teacher shows:", "首次连接服务器 {address}，请与老师给出的指纹核对：";
        DoubtYes: "It is the same", "一致，继续";
        DoubtNo: "Cancel", "取消";
        LoginMissing: "Please type your login name.", "请填写登录名。";
        PasswordMissing: "Please type your password.", "请填写密码。";
        PasswordsDiffer: "The two passwords are not the same.", "两次输入的密码不一致。";
        StartClass: "Start a class on this PC", "在这台电脑上开班";
    }
}
