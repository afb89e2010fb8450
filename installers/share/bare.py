"""The least window there can be, frozen beside ours: what a start costs at any rate."""
import sys

from PySide6.QtWidgets import QApplication, QLabel

app = QApplication(sys.argv)
window = QLabel("空窗口")
window.setWindowTitle("空窗口")
window.resize(400, 300)
window.show()
sys.exit(app.exec())
