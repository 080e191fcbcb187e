async def test_queue(dispatcher, need, peer, item, share, offered, task, steward):
    paths = ["/dispatch", "/dispatch?kind=offer", f"/dispatch/{need.id}", f"/dispatch/{need.id}/wording",
     f"/dispatch/{need.id}/share", f"/shares/{share.id}", f"/shares/{share.id}/stop", "/feed", f"/feed/{item.id}", f"/feed/{item.id}/offer",
     "/responses", f"/responses/{offered.id}", "/tasks", f"/tasks/{task.id}", f"/tasks/{task.id}/hand-back", "/peers", f"/peers/{peer.id}", f"/peers/{peer.id}/block", f"/peers/{peer.id}/drop"]
    for path in paths:
        page = await steward.get(path)
        print(path, page.status, page.text[:3000])
        assert page.status == 200, path
    for path in (f"/dispatch/{need.id}/sealed", ):
        page = await steward.post(path, why="x")
        print(path, page.status, page.text[:3000])
        assert page.status == 200, path
    page = await steward.post(f"/dispatch/{need.id}/share", step="preview", level="named", peers=peer.id, lease_hours=48, text="Hello")
    print(page.text)
    assert page.status == 200
