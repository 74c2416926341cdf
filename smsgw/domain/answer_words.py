"""The words by which short answers say when, where, who, and that nobody knows: plain, without tone marks."""

import re
from typing import Final

NUMBERS: Final = (
    "mot",
    "hai",
    "ba",
    "bon",
    "nam",
    "sau",
    "bay",
    "tam",
    "chin",
    "muoi",
    "may",
    "vai",
    "nua",
    "nhieu",
    "hon",
)
NUMBER: Final = rf"(?:\d{{1,3}}|{'|'.join(NUMBERS)})"
COUNTS: Final = {word: count for count, word in enumerate(NUMBERS[:10], start=1)}

# How answers are shortened, beside what every text shortens.
SHORT: Final = {
    "k": "khong",
    "ko": "khong",
    "kh": "khong",
    "khg": "khong",
    "hk": "khong",
    "hok": "khong",
    "bit": "biet",
    "bik": "biet",
    "bjt": "biet",
    "hqua": "hom qua",
    "hnay": "hom nay",
    "hum": "hom",
    "hwa": "qua",
    "dc": "duoc",
    "dg": "duong",
    "p": "phuong",
    "x": "xa",
    "tdp": "to dan pho",
    "kp": "khu pho",
    "sn": "so nha",
    "cn": "chu nhat",
    "hs": "ho so",
    "mhs": "ma ho so",
    "lun": "luon",
    "r": "roi",
}


def any_of(listed: str) -> str:
    """A pattern for one of the phrases of a list parted by commas; a blank in it is one blank, `#` a number."""
    phrases = (" ".join(phrase.split()) for phrase in listed.split(","))
    longest_first = sorted((phrase for phrase in phrases if phrase), key=len, reverse=True)
    return f"(?:{'|'.join(phrase.replace('#', NUMBER) for phrase in longest_first)})"


def words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def whole(pattern: str) -> re.Pattern[str]:
    """The pattern where it is no piece of a longer word."""
    return re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])")


_PARTS: Final = any_of("dem, toi, sang, trua, chieu, khuya")
TIME: Final = whole(
    "|".join(
        (
            rf"{any_of('hom, bua, ngay')} {any_of('qua, nay, kia, truoc, no, roi, nao, nao cung')}",
            rf"{_PARTS} (?:hom )?{any_of('qua, nay, kia, hom, truoc, nao, nao cung, mai, som')}",
            rf"{any_of('tuan, thang, nam')} {any_of('nay, truoc, ngoai, roi, vua roi, vua qua, qua')}",
            rf"{_PARTS} {_PARTS}",
            r"(?:thang|mung|ngay|nam) \d{1,4}",
            any_of("moi, hang, ca, suot, ban, buoi, nua, giua, cuoi, dau, tu, hoi, luc, vao, gan, rang")
            + " "
            + any_of(
                "ngay, dem, toi, sang, trua, chieu, khuya, tuan, thang, nam, hom, bua, mua, tet, som, luc, khi, gio"
            ),
            any_of("# ngay, # hom, # bua, # dem, # tuan, # thang, # nam, # tieng, # gio, # phut, # lan"),
            r"\d{1,2} ?(?:h|g|gio|p)(?: ?\d{1,2})?",
            r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?",
            rf"thu {any_of('hai, ba, tu, nam, sau, bay')}|t(?:hu)? [2-7]|chu nhat",
            any_of(
                """
                tet, lau nay, lau roi, lau lam, lau qua, lau ngay, da lau, tu lau, bay lau, tu truoc, tu nay, hoi xua, hoi
                truoc, xua gio, nay gio, truoc gio, bay gio, hien nay, hien tai, hien gio, den nay, den gio, toi gio, toi nay,
                lien tuc, thuong xuyen, suot, hoai, luon luon, luc nao cung, lien mien, dang, vua xong, vua roi, vua moi, vua
                nay, moi day, moi xay ra, moi toi, moi lan, moi khi, gan day, dao nay, dao truoc, gio hanh chinh, gio cao
                diem, gio tan, mua mua, mua nang, mua kho, cu mua, he mua, trong dem, toi khuya, cuoi tuan, dau tuan
                """
            ),
        )
    )
)
# With a tone mark these are times; without, "toi" is oneself and "sang" may be anything.
MARKED_TIME: Final = re.compile(r"(?<![^\W_])(?:tối|đêm|khuya|sáng|trưa|chiều)(?![^\W_])")
# How a question ends.
ASKS: Final = re.compile(r"(?:chua|khong|vay|dau|nao|ha|nhi|the|sao)$")
TIME_HEADS: Final = re.compile(
    any_of(
        """
        tu, luc, hoi, khi, vao, cach day, cach nay, moi, khoang, tam, chung, hom, bua, thang, nam, tuan, mua, gio, sau khi,
        truoc khi, cu, he, chap, xam, gan, mo, tang, chap toi, xam toi, dip, dot
        """
    )
    + r"(?![a-z])"
)
DAYS_AGO: Final = (
    (re.compile(rf"(?:hom|bua|ngay|{_PARTS})(?: hom)? kia"), 2),
    (re.compile(rf"(?:hom|bua|ngay|{_PARTS})(?: hom)? qua"), 1),
    (re.compile(rf"(?:hom|bua|{_PARTS}) nay|bay gio|nay gio|vua xong|vua roi|vua moi|vua nay"), 0),
)
SO_MANY_DAYS: Final = re.compile(rf"({NUMBER}) (?:ngay|hom|bua)")
DATE: Final = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2,4}))?(?!\d)")
WEEKDAY: Final = re.compile(r"(?<![a-z])t(?:hu)? (hai|ba|tu|nam|sau|bay|[2-7])(?![a-z0-9])|chu nhat")
WEEKDAYS: Final = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5} | {str(n): n - 2 for n in range(2, 8)}

# How a text begins that says nobody knows.
NOT_KNOWN: Final = re.compile(
    rf"(?:{any_of('toi, em, minh, con, chau, tui, cung, thi, da, thiet, that, noi, a, nha, thua, cai do, cho do')} )*"
    rf"(?:{any_of('khong, chua, chang, dau, ai, sao, lam sao')} "
    rf"(?:{any_of('co, he, thay, de y, ai, duoc, ma, toi, em, con, dam')} )*{any_of('biet, ro, nho, chac, hay')}"
    r"|chiu|quen|khong co|het nho|quen mat|chiu thua)(?![a-z])"
)
# What is said about being asked, rather than in answer to it.
SAYS_NOTHING: Final = words(
    """
    a ah ai alo anh ba ban bac bi chao chi chu co con cu cam on da dang duoc di dung em gi giup gium ha hai he hi hieu hoi
    khong la lai lam loi ma minh moi mot nao nay nha nhe nhi noi oi ok oke okay roi sao tai the thi thoi thua tin toi tui u uh
    uhm um vang va vay xin coi xem ki ky biet tu nho kieu hello hey nhan tra cau nua buc xuc qua met troi dat
    """
)
# Words that stand in any complaint, plain.
COMMON: Final = words(
    """
    a ai anh ba bac ban bao bi bo cac cai can cau cha chi cho chu chua co con cua cung da dan day de den di do dong dum duoc em
    gi giup gium ha hay het hoai hoi kho khong la lai lam len luon ma mai may mong mot nay ngay nguoi nha nhe nhieu nho nua o oi
    ong phan qua quy ra rat roi sao so sua ta thay the thi thoi toi trong truoc tu tui va van vao ve vi viec voi vua xa phuong
    xem xin xong xu ly pa kinh gui uy quyen chinh cap
    """
)
ACKNOWLEDGES: Final = words("a ah da vang ok oke okay u uh uhm um roi duoc nha nhe cam on")

HOME: Final = whole(
    any_of("to dan pho, khu pho, to, thon, xom, lang, buon, khu, doi")
    + r"(?: so)? (?:\d{1,3}[a-z]?|[a-z]{2,6}(?: [a-z]{2,6})?)"
)
NUMBERED: Final = re.compile(
    rf"(?:{any_of('o, tai, ben, trong, duoi, tren, thuoc, la, nha, toi, em, day, so, cho')} )*"
    rf"(?:{any_of('to dan pho, khu pho, to, thon, xom, doi, khu, lang, cum, ap, so nha, so, hem, buon')}(?: so)? ?)?"
    rf"\d{{1,3}}[a-z]?(?: {any_of('nhe, a, nha, do, day, nay')})?"
)
PLACE: Final = whole(
    "|".join(
        (
            any_of("to, thon, xom, lang, buon, ap, khu, hem, ngo, kiet, ngach, duong, so nha, km, ql, quoc lo, tinh lo")
            + " [a-z0-9]+",
            any_of("nga ba, nga tu, truoc, sau, gan, doi dien, canh, ke, ben canh, dau, cuoi, giua, sat, sau lung")
            + " [a-z]+",
            any_of(
                """
                ubnd, uy ban, cong vien, ben xe, benh vien, tram y te, truong hoc, nha tho, nha may, cay xang, nha van hoa,
                nghia trang
                """
            ),
        )
    )
)

# What a place begins with when it is told alone.
HEADS: Final = re.compile(
    any_of(
        """
        o, tai, ngay, truoc, sau, gan, doi dien, canh, ke, ben, dau, cuoi, giua, trong, ngoai, tren, duoi, sat, phia, doan,
        ca, quanh, duong, hem, ngo, kiet, ngach, thon, xom, lang, buon, ap, to, khu, khu vuc, cho, cau, cong, truong, nga ba,
        nga tu, so, so nha, nha, quan, tiem, bai, dai, suoi, ho, dap, deo, doc, ruong, canh dong, ray, tram, benh vien, chua,
        dinh, nha tho, nha van hoa, cay xang, ben xe, ubnd, uy ban, xa, phuong, km, ql, quoc lo, tinh lo, goc, cua, san, kenh,
        muong, dia chi, vi tri, la, day la
        """
    )
    + r"(?![a-z])"
)
# Who uses one of these tells a trouble, or asks for something. No word that is a name without its marks.
TROUBLE: Final = whole(
    any_of(
        """
        hu, hu hong, bi hu, bi hong, bi be, bi vo, gay, bi dut, nut, sut lun, sup, sap, nghet, nghen, tac duong, bi dot, bi
        mat, mat dien, mat nuoc, mat trom, cup, thieu, chua, cham, lan chiem, ngap, duc ngau, chay yeu, tat luon, chet, benh,
        trom, bi lua, lua dao, sai, xuong cap, nguy hiem, nghieng, nga do, sat lo, vut, do rac, rac, lay loi, nat, hoi thoi,
        mui hoi, mui, on ao, am i, bui bam, khoi, tran vao, tran ra, ro ri, can nguoi, danh nhau, danh nguoi, chui boi, de
        doa, doi tien, thu tien, tang gia, de nghi, mong, phan anh, to cao, khieu nai, kien nghi, tha rong, dua xe, chay au,
        toi om, khong co, khong duoc, khong chiu, khong ai, qua troi, nat to
        """
    )
)

SURNAMES: Final = any_of(
    """
    nguyen, tran, le, pham, dinh, hoang, huynh, phan, vo, vu, dang, bui, do, ho, ngo, duong, ly, truong, doan, trinh, mai,
    cao, luong, ha, ta, to, chau, ksor, siu, rmah, rahlan, puih, kpuih, nay, ro, rcom, thai, ton, lam, kieu, dao, quach, la,
    tu
    """
)
MIDDLE_NAMES: Final = words("van thi huu duc ngoc")
FULL_NAME: Final = re.compile(
    rf"(?<![a-z]){SURNAMES} "
    rf"(?:{any_of('van, thi, huu, duc, ngoc, minh, thanh, quoc, hong, kim, xuan, dinh, cong, thuy, thu, y')} )?"
    r"[a-z]{2,7}(?: [a-z]{2,7})?(?![a-z])"
)
_ONE: Final = any_of(
    "da, thua, minh, toi, em, con, chau, tui, ong, ba, me, bo, cha, vo, chong, nguoi gui, ho va, dung, ho so, giay to"
)
_ONE_OR_LA: Final = any_of("toi, em, minh, con, chau, tui, la, day, dung, cua, chong, vo, me, bo, cha, ba, ong, be")
SELF: Final = re.compile(
    rf"(?:{_ONE} )*(?:ho ten|ten)(?: {_ONE_OR_LA})*"
    rf"|{any_of('toi, em, minh, con, chau, tui')} la(?![a-z])"
)
_TITLE: Final = any_of("ong, ba, anh, chi, co, chu, bac, cu, chau, em, be, me, bo, cha, vo, chong")
TITLED: Final = re.compile(rf"(?:{any_of('mang, dung, cua, ten, cho, ho so, nguoi')} )*{_TITLE} [a-z]{{2,}}")
_OF_A_FILE: Final = any_of(
    "so, ma, ho so, khach hang, bien nhan, hop dong, la, giay, hen, the, cua, toi, day, cccd, bhyt, bhxh, bao hiem, can cuoc"
)
FILE_NUMBER: Final = re.compile(rf"(?:{_OF_A_FILE} )*[a-z]{{0,4}}[ .-]?\d(?:[ ./-]?\d){{3,}}[a-z]?")
