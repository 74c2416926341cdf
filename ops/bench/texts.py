"""Texts as citizens might write them: a few hundred, put together from our own words."""

from itertools import product

from smsgw.domain.plain import plain

MATTERS = (
    "Đường bê tông bị sụt một hố to, xe máy đi qua rất nguy hiểm",
    "Đèn đường tắt từ đầu hẻm đến cuối hẻm, tối om",
    "Rác chất thành đống, bốc mùi hôi không ai tới gom",
    "Nước máy chảy yếu rồi mất hẳn, cả xóm phải đi xin",
    "Điện chập chờn, tối nào cũng cúp vài lần",
    "Cống nghẹt nên mưa xuống là nước tràn vào nhà",
    "Quán nhậu mở nhạc lớn tới khuya, con nhỏ không ngủ được",
    "Nhà bên cạnh xây lấn ra lối đi chung",
    "Trại heo xả nước thải xuống suối, cá chết nổi trắng",
    "Tôi nộp hồ sơ đất đã quá hẹn mà chưa được trả kết quả",
    "Cây ngã chắn ngang đường mà chưa thấy ai dọn",
    "Xe tải chở mì chạy làm rơi vãi đầy đường",
    "Trạm y tế thiếu thuốc cho người già có bảo hiểm",
    "Chợ bày hàng ra lòng đường, giờ tan học kẹt cứng",
    "Mương thủy lợi cạn nước, lúa sắp cháy hết",
    "Trường học chưa trả tiền ăn còn dư của các cháu",
    "Chó thả rông chạy theo trẻ con đi học",
    "Sóng điện thoại ở làng rất yếu, gọi không được",
    "Danh sách hộ nghèo năm nay bỏ sót nhà tôi",
    "Cầu tạm qua suối mục ván, sợ sập khi mưa",
)
PLACES = (
    "tổ 3 phường An Bình",
    "thôn Tư Lương xã Cửu An",
    "đường Quang Trung phường An Khê",
    "tổ 12 phường An Khê",
    "làng Nhoi xã Tú An cũ",
    "hẻm 47 đường Hoàng Văn Thụ",
    "khu chợ An Khê",
    "thôn An Thạch, gần nhà văn hóa",
    "đoạn trước trường tiểu học, phường An Bình",
    "",
)
WHENS = ("từ thứ hai tới nay", "mấy hôm rồi", "đã hai tuần", "sáng nay")
ENDINGS = ("", " Mong xã xem giúp.", " Nhờ cán bộ kiểm tra sớm, xin cảm ơn.")
COMMANDS = ("TRA CUU", "HUONG DAN")
ONE_COMMAND_IN = 10


def bodies() -> list[str]:
    """Complaints with and without tone marks, one in ten a command; all different but for the commands."""
    told: list[str] = []
    for number, (matter, place) in enumerate(product(MATTERS, PLACES)):
        where = f" ở {place}" if place else ""
        text = f"{matter}{where} {WHENS[number % len(WHENS)]}.{ENDINGS[number % len(ENDINGS)]}"
        told.append(plain(text) if number % 2 else text)
        told.append(f"PA {plain(text)}" if number % 4 == 0 else text.upper() if number % 7 == 0 else f"Alo. {text}")
        if number % ONE_COMMAND_IN == 0:
            told += COMMANDS
    return told
